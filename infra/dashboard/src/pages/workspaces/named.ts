import { found, searched } from "../../shell/commands/match";

interface Named {
  id: string;
  name: string;
}

/** Those whose name or id `q` finds, the best first. */
export function named<T extends Named>(workspaces: T[], q: string): T[] {
  if (q.trim() === "") return workspaces;
  const entries = workspaces.map((workspace) => ({ workspace, searched: searched(workspace.name, workspace.id) }));
  return found(entries, q).map(({ workspace }) => workspace);
}

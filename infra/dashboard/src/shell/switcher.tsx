import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { workspaceQuery, workspacesQuery } from "../api/queries/workspaces";
import { Menu, menuItem } from "../kit/menu";
import { useText } from "../text";

/** The workspace that is open, and the way to the others. */
export function Switcher({ workspace, onSearch }: { workspace: string; onSearch: () => void }) {
  const t = useText();
  const { data } = useQuery(workspacesQuery);
  const { data: head } = useQuery(workspaceQuery(workspace));
  // The list has the newest ones only.
  const name = data?.workspaces.find(({ id }) => id === workspace)?.name ?? head?.name;
  return (
    <Menu
      label={t.shell.switcher(name ?? "")}
      className="min-w-0 px-2 py-1"
      button={
        <span className="flex min-w-0 items-center gap-1.5">
          <span aria-hidden="true" className="text-soft">
            /
          </span>
          <bdi className="max-w-[38vw] truncate font-medium sm:max-w-60">{name ?? "…"}</bdi>
          <svg viewBox="0 0 12 12" className="size-3 shrink-0 text-soft" aria-hidden="true">
            <path d="m2.5 4.5 3.5 3.5 3.5-3.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
          </svg>
        </span>
      }
    >
      <ul className="max-h-80 overflow-y-auto">
        {data?.workspaces.map(({ id, name }) => (
          <li key={id}>
            <Link to="/w/$ws" params={{ ws: id }} className={menuItem} aria-current={id === workspace || undefined}>
              <span aria-hidden="true" className="w-4">
                {id === workspace ? "✓" : ""}
              </span>
              <bdi className="truncate">{name}</bdi>
            </Link>
          </li>
        ))}
      </ul>
      {data?.pagination.has_more && (
        <button type="button" className={`${menuItem} mt-1 border-t border-line`} onClick={onSearch}>
          {t.shell.searchWorkspaces}
        </button>
      )}
      <Link to="/workspaces" className={`${menuItem} mt-1 border-t border-line`}>
        {t.shell.allWorkspaces}
      </Link>
    </Menu>
  );
}

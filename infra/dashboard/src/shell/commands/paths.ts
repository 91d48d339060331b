/** The page on the team with the dialog that invites. */
export function pathOfInvite(workspace: string): string {
  return `/w/${workspace}/settings/team?invite=true`;
}

/** The list of workspaces with the dialog for a new one. */
export const CREATE = "/workspaces?create=true";

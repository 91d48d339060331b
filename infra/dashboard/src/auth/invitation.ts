// The token of an invitation's link. It lives as long as its tab, so that it outlasts signing in and signing up.

const KEY = "berth.invitation";

export function keepInvitation(token: string) {
  sessionStorage.setItem(KEY, token);
}

export function keptInvitation(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function dropInvitation() {
  sessionStorage.removeItem(KEY);
}

/** The ids in a token, `workspace.invitation.version.mac`: they say where to look, and prove nothing. */
export function idsOf(token: string): { workspace: string; invitation: string } | undefined {
  const [, workspace, invitation] = /^(ws_[0-9A-HJKMNP-TV-Z]{26})\.(inv_[0-9A-HJKMNP-TV-Z]{26})\.\d+\.[\w-]+$/.exec(token) ?? [];
  return workspace && invitation ? { workspace, invitation } : undefined;
}

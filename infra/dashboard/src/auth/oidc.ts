// A deployer's own OpenID Connect provider: authorization code with PKCE.

import { UserManager, WebStorageStateStore, type User } from "oidc-client-ts";
import type { Identity } from "../config";
import { AuthFailure, setSignedIn, type Driver, type SignedIn } from "./index";

let manager: UserManager | undefined;

function described(user: User | null): SignedIn | undefined {
  if (!user || user.expired) return undefined;
  const { email, name } = user.profile;
  return { email: email ?? "", ...(name ? { name } : {}) };
}

export async function driver(identity: Extract<Identity, { kind: "oidc" }>): Promise<Driver> {
  const users = new UserManager({
    authority: identity.issuer,
    client_id: identity.clientId,
    redirect_uri: `${location.origin}/callback`,
    post_logout_redirect_uri: `${location.origin}/sign-in`,
    scope: identity.scope ?? "openid email profile",
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    automaticSilentRenew: true,
    accessTokenExpiringNotificationTimeInSeconds: 30,
  });
  manager = users;
  return {
    async start() {
      return described(await users.getUser());
    },
    async token() {
      return (await users.getUser())?.id_token;
    },
    async renew() {
      const user = await users.signinSilent().catch((error: unknown) => {
        throw error instanceof TypeError ? new AuthFailure("unreachable") : error;
      });
      setSignedIn(described(user));
    },
    async signOut() {
      await users.removeUser();
      await users.signoutRedirect().catch(() => undefined);
    },
  };
}

/** Leaves for the provider's page; `back` is the path to return to. */
export async function leave(back: string): Promise<void> {
  await manager?.signinRedirect({ state: back });
}

/** Comes back from it; the path to go on at. */
export async function comeBack(): Promise<string> {
  const user = await manager?.signinCallback();
  setSignedIn(described(user ?? null));
  return typeof user?.state === "string" && user.state.startsWith("/") ? user.state : "/";
}

// A provider of OpenID Connect: authorization code with PKCE.

import { UserManager, WebStorageStateStore, type User } from "oidc-client-ts";
import type { Provider } from "../config";
import { AuthFailure, type Driver, type Session, type SignedIn } from "./session";

/** Where a session is kept, and the paths to which the provider sends people back. */
interface Places {
  /** What its keys in sessionStorage begin with. */
  storage: string;
  callback: string;
  end: string;
}

function described(user: User | null): SignedIn | undefined {
  if (!user || user.expired) return undefined;
  const { email, name } = user.profile;
  return { email: email ?? "", ...(name ? { name } : {}) };
}

export async function driver(identity: Provider, session: Session, { storage, callback, end }: Places): Promise<Driver> {
  const users = new UserManager({
    authority: identity.issuer,
    client_id: identity.clientId,
    redirect_uri: `${location.origin}${callback}`,
    post_logout_redirect_uri: `${location.origin}${end}`,
    scope: identity.scope ?? "openid email profile",
    userStore: new WebStorageStateStore({ store: sessionStorage, prefix: storage }),
    automaticSilentRenew: true,
    accessTokenExpiringNotificationTimeInSeconds: 30,
  });
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
      session.set(described(user));
    },
    async signOut() {
      // It ends the session here first, also if the provider has no page for it.
      await users.signoutRedirect().catch(() => undefined);
    },
    async leave(back) {
      await users.signinRedirect({ state: back });
    },
    async comeBack() {
      const user = await users.signinCallback();
      session.set(described(user ?? null));
      return typeof user?.state === "string" && user.state.startsWith("/") ? user.state : "/";
    },
  };
}

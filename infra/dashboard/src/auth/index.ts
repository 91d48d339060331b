// Sign-in of customers behind one interface: with the stack's own user pool, or with any OpenID Connect provider.

import { config } from "../config";
import { Session, type SignedIn } from "./session";

export { AuthFailure, type AuthCode, type Driver, type SignedIn } from "./session";

export const customer = new Session(async (session) => {
  const { identity } = config();
  if (identity.kind === "cognito") return (await import("./cognito")).driver(identity);
  return (await import("./oidc")).driver(identity, session, { storage: "oidc.", callback: "/callback", end: "/sign-in" });
});

/** Takes up the session of this tab. */
export function start(): Promise<SignedIn | undefined> {
  return customer.start();
}

export function token(): Promise<string | undefined> {
  return customer.token();
}

/** Renews the token, or ends the session. It stays if the provider cannot be reached: then this fails. */
export function renewToken(): Promise<void> {
  return customer.renew();
}

export function signOut(): Promise<void> {
  return customer.signOut();
}

export function who(): SignedIn | undefined {
  return customer.who();
}

export function setSignedIn(person: SignedIn | undefined) {
  customer.set(person);
}

export function onSignedIn(listener: () => void): () => void {
  return customer.watch(listener);
}

// Sign-in of customers behind one interface: with the stack's own user pool, or with any OpenID Connect provider.

import { config } from "../config";
import { Session, type SignedIn } from "./session";

export { AuthFailure, type AuthCode, type Driver, type SignedIn } from "./session";

export const customer = new Session(async (session) => {
  const { identity } = config();
  if (identity.kind === "cognito") return (await import("./cognito")).driver(identity);
  return (await import("./oidc")).driver(identity, session, { storage: "oidc.", callback: "/callback", end: "/sign-in" });
});

export function signOut(): Promise<void> {
  return customer.signOut();
}

export function who(): SignedIn | undefined {
  return customer.who();
}

export function setSignedIn(person: SignedIn | undefined) {
  customer.set(person);
}

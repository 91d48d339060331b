// The session of the operator's staff: apart from the customer's if the operator has an identity provider for it, else the same one.

import { config } from "../config";
import { customer } from "./index";
import { Session } from "./session";

let own: Session | undefined;

export function staff(): Session {
  const { staff: identity } = config();
  if (!identity) return customer;
  return (own ??= new Session(async (session) =>
    (await import("./oidc")).driver(identity, session, { storage: "berth.staff.", callback: "/operator/callback", end: "/operator" }),
  ));
}

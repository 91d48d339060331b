// Sign-in behind one interface. The driver is loaded when it is needed: the stack's own user pool, or any OpenID Connect provider.

import { config } from "../config";

export interface SignedIn {
  /** The address that the identity provider names. */
  email: string;
  name?: string;
}

export interface Driver {
  /** Takes up the session of this tab, if there is one. */
  start(): Promise<SignedIn | undefined>;
  /** The ID token, renewed if it is about to expire. */
  token(): Promise<string | undefined>;
  /** A new ID token. Fails with `unreachable` where that says nothing about the session. */
  renew(): Promise<void>;
  signOut(): Promise<void>;
}

let driver: Promise<Driver> | undefined;
let signedIn: SignedIn | undefined;
const listeners = new Set<() => void>();

async function load(): Promise<Driver> {
  const { identity } = config();
  if (identity.kind === "cognito") return (await import("./cognito")).driver(identity);
  return (await import("./oidc")).driver(identity);
}

export function theDriver(): Promise<Driver> {
  return (driver ??= load());
}

/** Takes up the session of this tab. */
export async function start(): Promise<SignedIn | undefined> {
  setSignedIn(await (await theDriver()).start());
  return signedIn;
}

export async function token(): Promise<string | undefined> {
  return (await theDriver()).token();
}

/** Renews the token, or ends the session. It stays if the provider cannot be reached: then this fails. */
export async function renewToken(): Promise<void> {
  try {
    await (await theDriver()).renew();
  } catch (error) {
    if (error instanceof AuthFailure && error.code === "unreachable") throw error;
    setSignedIn(undefined);
  }
}

export async function signOut(): Promise<void> {
  await (await theDriver()).signOut();
  setSignedIn(undefined);
}

export function who(): SignedIn | undefined {
  return signedIn;
}

export function setSignedIn(person: SignedIn | undefined) {
  signedIn = person;
  for (const listener of listeners) listener();
}

export function onSignedIn(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A failure of sign-in by a code of ours, so that pages can say it in the person's language. */
export class AuthFailure extends Error {
  constructor(readonly code: AuthCode) {
    super(code);
  }
}

export type AuthCode =
  | "wrong"
  | "unconfirmed"
  | "wrongCode"
  | "expiredCode"
  | "tooMany"
  | "weakPassword"
  | "known"
  | "unreachable"
  | "unknown";

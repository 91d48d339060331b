// A session with one identity provider, whose driver is loaded when it is needed.

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
  /** Leaves for the provider's page, if it has one; `back` is the path to return to. */
  leave?(back: string): Promise<void>;
  /** Comes back from it; the path to go on at. */
  comeBack?(): Promise<string>;
}

export class Session {
  private loaded: Promise<Driver> | undefined;
  private signedIn: SignedIn | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly load: (session: Session) => Promise<Driver>) {}

  private driver(): Promise<Driver> {
    return (this.loaded ??= this.load(this));
  }

  /** Takes up the session of this tab. */
  async start(): Promise<SignedIn | undefined> {
    this.set(await (await this.driver()).start());
    return this.signedIn;
  }

  async token(): Promise<string | undefined> {
    return (await this.driver()).token();
  }

  /** Renews the token, or ends the session. It stays if the provider cannot be reached: then this fails. */
  async renew(): Promise<void> {
    try {
      await (await this.driver()).renew();
    } catch (error) {
      if (error instanceof AuthFailure && error.code === "unreachable") throw error;
      this.set(undefined);
    }
  }

  async signOut(): Promise<void> {
    await (await this.driver()).signOut();
    this.set(undefined);
  }

  async leave(back: string): Promise<void> {
    await (await this.driver()).leave?.(back);
  }

  async comeBack(): Promise<string> {
    return (await (await this.driver()).comeBack?.()) ?? "/";
  }

  who(): SignedIn | undefined {
    return this.signedIn;
  }

  set(person: SignedIn | undefined) {
    this.signedIn = person;
    for (const listener of this.listeners) listener();
  }

  /** Calls `listener` at each change, until the returned function is called. */
  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
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

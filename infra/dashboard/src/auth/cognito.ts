// The stack's own user pool, through Amplify: the session and its tokens. They are held in sessionStorage, so they last as long as the tab, or in
// localStorage for people who choose to stay signed in. Signing in and the rest are in cognito-steps.ts, which only the pages for it load.

import { Amplify } from "aws-amplify";
import { fetchAuthSession, signOut } from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import type { Identity } from "../config";
import { AuthFailure, type Driver, type SignedIn } from "./index";

export const STAY = "berth.stay";

/** Where tokens are held, by the person's choice. */
const storage = {
  get area(): Storage {
    return localStorage.getItem(STAY) === "yes" ? localStorage : sessionStorage;
  },
  async setItem(key: string, value: string) {
    this.area.setItem(key, value);
  },
  async getItem(key: string) {
    return this.area.getItem(key);
  },
  async removeItem(key: string) {
    this.area.removeItem(key);
  },
  async clear() {
    for (const area of [sessionStorage, localStorage]) {
      for (const key of Object.keys(area)) if (key.startsWith("CognitoIdentityServiceProvider")) area.removeItem(key);
    }
  },
};

export async function driver(identity: Extract<Identity, { kind: "cognito" }>): Promise<Driver> {
  const { userPoolId, clientId: userPoolClientId, endpoint } = identity;
  Amplify.configure({
    Auth: { Cognito: { userPoolId, userPoolClientId, ...(endpoint ? { userPoolEndpoint: endpoint } : {}) } },
  });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(storage);
  return {
    start: session,
    async token() {
      return (await fetchAuthSession()).tokens?.idToken?.toString();
    },
    async renew() {
      const { tokens } = await fetchAuthSession({ forceRefresh: true }).catch((error: Error) => {
        throw new AuthFailure(error.name === "NetworkError" ? "unreachable" : "unknown");
      });
      if (!tokens) throw new AuthFailure("unknown");
    },
    async signOut() {
      await signOut();
      await storage.clear();
    },
  };
}

export async function session(): Promise<SignedIn | undefined> {
  try {
    const claims = (await fetchAuthSession()).tokens?.idToken?.payload;
    if (!claims) return undefined;
    return { email: String(claims.email ?? ""), ...(claims.name ? { name: String(claims.name) } : {}) };
  } catch {
    return undefined;
  }
}

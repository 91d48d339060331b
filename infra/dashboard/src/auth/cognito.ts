// The stack's own user pool, through Amplify. Tokens are held in sessionStorage: they last as long as the tab, or in localStorage for people who
// choose to stay signed in.

import { Amplify } from "aws-amplify";
import {
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  fetchAuthSession,
  fetchMFAPreference,
  resendSignUpCode,
  resetPassword,
  setUpTOTP,
  signIn,
  signOut,
  signUp,
  updateMFAPreference,
  updatePassword,
  verifyTOTPSetup,
} from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import type { Identity } from "../config";
import { AuthFailure, setSignedIn, type AuthCode, type Driver, type SignedIn } from "./index";

const STAY = "berth.stay";

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
      const { tokens } = await fetchAuthSession({ forceRefresh: true });
      if (!tokens) throw new AuthFailure("unknown");
    },
    async signOut() {
      await signOut();
      await storage.clear();
    },
  };
}

async function session(): Promise<SignedIn | undefined> {
  try {
    const claims = (await fetchAuthSession()).tokens?.idToken?.payload;
    if (!claims) return undefined;
    return { email: String(claims.email ?? ""), ...(claims.name ? { name: String(claims.name) } : {}) };
  } catch {
    return undefined;
  }
}

export type Next = "done" | "confirm" | "totp" | "reset";

async function said<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw new AuthFailure(codeOf(error));
  }
}

function codeOf(error: unknown): AuthCode {
  const { name, message } = error as Error;
  switch (name) {
    case "NotAuthorizedException":
      return message.includes("attempts") ? "tooMany" : "wrong";
    case "UserNotFoundException":
      return "wrong";
    case "UserNotConfirmedException":
      return "unconfirmed";
    case "CodeMismatchException":
    case "EnableSoftwareTokenMFAException":
      return "wrongCode";
    case "ExpiredCodeException":
      return "expiredCode";
    case "LimitExceededException":
    case "TooManyRequestsException":
    case "TooManyFailedAttemptsException":
      return "tooMany";
    case "InvalidPasswordException":
    case "InvalidParameterException":
      return "weakPassword";
    case "UsernameExistsException":
    case "AliasExistsException":
      return "known";
    case "NetworkError":
      return "unreachable";
    default:
      return "unknown";
  }
}

export async function enter(email: string, password: string, stay: boolean): Promise<Next> {
  localStorage.setItem(STAY, stay ? "yes" : "no");
  await signOut().catch(() => undefined);
  const { nextStep } = await said(signIn({ username: email, password, options: { authFlowType: "USER_SRP_AUTH" } }));
  return next(nextStep.signInStep);
}

async function next(step: string): Promise<Next> {
  switch (step) {
    case "DONE":
      setSignedIn(await session());
      return "done";
    case "CONFIRM_SIGN_UP":
      return "confirm";
    case "CONFIRM_SIGN_IN_WITH_TOTP_CODE":
      return "totp";
    case "RESET_PASSWORD":
      return "reset";
    default:
      throw new AuthFailure("unknown");
  }
}

export async function enterCode(code: string): Promise<Next> {
  const { nextStep } = await said(confirmSignIn({ challengeResponse: code }));
  return next(nextStep.signInStep);
}

export async function join(email: string, password: string, name: string): Promise<void> {
  await said(signUp({ username: email, password, options: { userAttributes: { email, name } } }));
}

export async function confirm(email: string, code: string): Promise<void> {
  await said(confirmSignUp({ username: email, confirmationCode: code }));
}

export async function resend(email: string): Promise<void> {
  await said(resendSignUpCode({ username: email }));
}

export async function forget(email: string): Promise<void> {
  await said(resetPassword({ username: email }));
}

export async function choosePassword(email: string, code: string, password: string): Promise<void> {
  await said(confirmResetPassword({ username: email, confirmationCode: code, newPassword: password }));
}

export async function changePassword(oldPassword: string, newPassword: string): Promise<void> {
  await said(updatePassword({ oldPassword, newPassword }));
}

/** True if the person signs in with a one-time code, too. */
export async function hasTwoSteps(): Promise<boolean> {
  const { enabled } = await said(fetchMFAPreference());
  return enabled?.includes("TOTP") ?? false;
}

/** The secret for an authenticator, and the address that encodes it. */
export async function beginTwoSteps(product: string, email: string): Promise<{ secret: string; uri: string }> {
  const details = await said(setUpTOTP());
  return { secret: details.sharedSecret, uri: details.getSetupUri(product, email).toString() };
}

export async function endTwoSteps(code: string): Promise<void> {
  await said(verifyTOTPSetup({ code }));
  await said(updateMFAPreference({ totp: "PREFERRED" }));
}

export async function dropTwoSteps(): Promise<void> {
  await said(updateMFAPreference({ totp: "DISABLED" }));
}

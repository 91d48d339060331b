// The steps of signing in to the stack's own user pool, and of managing an account there.

import {
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
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
import { session, STAY } from "./cognito";
import { AuthFailure, setSignedIn, type AuthCode } from "./index";

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

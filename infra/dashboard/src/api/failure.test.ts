import { expect, test, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("navigator", { languages: ["en"] });
const { Failure, isFailure } = await import("./failure");
const { Failure: Failed } = await import("berth-client");
const { text } = await import("../text");

const failure = (status: number, code: string) => new Failure(status, code, "the API's own words", undefined);

test("a failure has the person's words, or else the API's", () => {
  const { errors, problems } = text();
  expect(failure(0, "unreachable").sentence).toBe(errors.unreachable);
  expect(failure(401, "signed_out").sentence).toBe(errors.signedOut);
  expect(failure(502, "unknown").sentence).toBe(errors.unknown);
  expect(failure(429, "unknown").sentence).toBe(errors.tooMany);
  expect(failure(403, "role_required").sentence).toBe(problems.role_required);
  expect(failure(409, "odd").sentence).toBe("the API's own words");
});

test("only failures with words are failures of pages", () => {
  expect(isFailure(failure(403, "role_required"))).toBe(true);
  expect(isFailure(new Failed(403, "role_required", "no", undefined))).toBe(false);
});

import { expect, test } from "vitest";
import { AuthFailure, Session, type Driver } from "./session";

const jane = { email: "jane@example.com" };

function sessionOf(more: Partial<Driver> = {}) {
  let loaded = 0;
  const driver: Driver = { start: async () => jane, token: async () => "id", renew: async () => undefined, signOut: async () => undefined, ...more };
  const session = new Session(async () => {
    loaded += 1;
    return driver;
  });
  return { session, loaded: () => loaded };
}

test("a driver is loaded once, when it is needed", async () => {
  const { session, loaded } = sessionOf();
  expect([session.who(), loaded()]).toEqual([undefined, 0]);
  await Promise.all([session.start(), session.token()]);
  expect([session.who(), loaded()]).toEqual([jane, 1]);
});

test("two sessions have nothing in common", async () => {
  const [one, other] = [sessionOf().session, sessionOf().session];
  await Promise.all([one.start(), other.start()]);
  await one.signOut();
  expect([one.who(), other.who()]).toEqual([undefined, jane]);
});

test("a renewal that is refused ends the session, and one without a network does not", async () => {
  const refused = sessionOf({ renew: () => Promise.reject(new Error("invalid_grant")) }).session;
  await refused.start();
  await refused.renew();
  expect(refused.who()).toBeUndefined();
  const offline = sessionOf({ renew: () => Promise.reject(new AuthFailure("unreachable")) }).session;
  await offline.start();
  await expect(offline.renew()).rejects.toThrow("unreachable");
  expect(offline.who()).toEqual(jane);
});

test("listeners are notified until they end", async () => {
  const { session } = sessionOf();
  let count = 0;
  const end = session.watch(() => (count += 1));
  await session.start();
  end();
  session.set(undefined);
  expect(count).toBe(1);
});

test("a driver without a page of its provider leads back to the start", async () => {
  expect(await sessionOf().session.comeBack()).toBe("/");
});

import { expect, test } from "vitest";
import { judged, NOTHING, signedBy, timeOf, withPage } from "./verdict";

const page = (checked: number, last_number: number | null, more: object = {}) => ({
  ok: true,
  checked,
  broken_at: null,
  reason: null,
  last_number,
  last_digest: last_number === null ? null : `digest-${last_number}`,
  pagination: { has_more: false, next_cursor: null },
  ...more,
});
const whole = [page(500, 500), page(37, 537)].reduce(withPage, NOTHING);
const signed = { number: 537, digest: "digest-537", at: "2026-11-28T01:07:00Z" };

test("pages are added up, and the last record is known", () => {
  expect(whole).toEqual({ count: 537, last: { number: 537, digest: "digest-537" }, broken: undefined });
  expect(withPage(whole, page(3, null))).toMatchObject({ count: 540, last: { number: 537 } });
});

test("the first break is the result", () => {
  const broken = withPage(whole, page(2, 539, { ok: false, broken_at: "aud_1", reason: "altered" }));
  expect(broken).toMatchObject({ count: 539, broken: { at: "aud_1", reason: "altered" } });
  expect(judged(broken, { ...signed, number: 900 })).toBe(broken);
  expect(withPage(NOTHING, page(0, null, { ok: false, reason: "truncated" })).broken).toEqual({ at: undefined, reason: "truncated" });
});

test("a checkpoint convicts a log that was cut or computed again", () => {
  expect(judged(whole, undefined).broken).toBeUndefined();
  expect(judged(whole, signed).broken).toBeUndefined();
  expect(judged(whole, { ...signed, number: 400, digest: "other" }).broken, "not the last record's").toBeUndefined();
  expect(judged(whole, { ...signed, digest: "other" }).broken).toMatchObject({ reason: "rewritten" });
  expect(judged(whole, { ...signed, number: 600 }).broken).toMatchObject({ reason: "truncated" });
  expect(judged(NOTHING, signed).broken, "its record may be hidden").toBeUndefined();
});

test("a checkpoint is read from its text", () => {
  const checkpoint = (text: string) => ({ text, proof: [], batch: "", signature: "" });
  expect(signedBy(checkpoint(JSON.stringify({ v: 1, workspace: "ws_1", ...signed, begins: null })))).toEqual(signed);
  expect([signedBy(undefined), signedBy(checkpoint("{")), signedBy(checkpoint("{}"))]).toEqual([undefined, undefined, undefined]);
});

test("an id has the time of its record", () => {
  expect(new Date(timeOf("aud_01MAESYWEGJRKTQW91RFCABMA6") ?? 0).toISOString()).toBe("2026-12-22T12:00:02.000Z");
  expect(timeOf("usr_01MAESYWEGJRKTQW91RFCABMA6")).toBeUndefined();
});

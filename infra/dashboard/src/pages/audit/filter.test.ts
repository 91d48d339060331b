import { expect, test } from "vitest";
import { audit } from "../../text/en/audit";
import { filterOf, isInverted, isOn, wantedOf } from "./filter";

const of = (search: Parameters<typeof filterOf>[0], isLog = true) => filterOf(search, isLog, audit.actions);

test("days of the address become instants in the workspace's zone", () => {
  const filter = of({ actor: "usr_ana", action: "member.joined", target: " inv_1 ", from: "2026-11-01", to: "2026-11-30" });
  expect(wantedOf(filter, "Europe/Berlin")).toEqual({
    actor: "usr_ana",
    action: "member.joined",
    target: "inv_1",
    from: "2026-10-31T23:00:00.000Z",
    to: "2026-11-30T23:00:00.000Z",
  });
});

test("what is no filter is left out", () => {
  const filter = of({ actor: " ", action: "member.promoted", target: "", from: "yesterday", to: "2026-02-30" });
  expect(isOn(filter)).toBe(false);
  expect(wantedOf(filter, "UTC")).toEqual({});
});

test("a plan without the log filters by person and kind only", () => {
  const filter = of({ actor: "usr_ana", action: "member.joined", target: "inv_1", from: "2026-11-01" }, false);
  expect(wantedOf(filter, "UTC")).toEqual({ actor: "usr_ana", action: "member.joined" });
});

test("days in the wrong order are not asked for", () => {
  expect(isInverted(of({ from: "2026-11-02", to: "2026-11-01" }))).toBe(true);
  expect(isInverted(of({ from: "2026-11-02", to: "2026-11-02" }))).toBe(false);
  expect(isInverted(of({ from: "2026-11-02" }))).toBe(false);
});

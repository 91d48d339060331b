import { expect, test } from "vitest";
import { changesOf, draftOf, merged } from "./changes";

const base = draftOf({ name: "Acme", description: null, timezone: "UTC" });

test("only the fields that differ are sent, without outer spaces", () => {
  expect(changesOf(base, { ...base, name: " Acme " })).toEqual({});
  expect(changesOf(base, { ...base, name: " Beta ", description: "x" })).toEqual({ name: "Beta", description: "x" });
});

test("an emptied description is sent as empty", () => {
  const described = draftOf({ name: "Acme", description: "x", timezone: "UTC" });
  expect(changesOf(described, { ...described, description: "" })).toEqual({ description: "" });
});

test("mine over theirs keeps what only they changed", () => {
  const mine = { ...base, name: "Mine" };
  const theirs = { ...base, name: "Theirs", timezone: "Europe/Berlin" };
  expect(merged(base, mine, theirs)).toEqual({ name: "Mine", description: "", timezone: "Europe/Berlin" });
});

import { expect, test } from "vitest";
import { destinations, pathOf } from "./destinations";
import { reader } from "./keys";

/** What keys mean that are pressed one after the other, with pauses in milliseconds. */
function meanings(...pressed: (string | number)[]) {
  const read = reader();
  let at = 0;
  return pressed.flatMap((one) => {
    if (typeof one === "number") {
      at += one;
      return [];
    }
    const meaning = read(one, at);
    return [meaning?.kind === "go" ? meaning.to.page : meaning?.kind];
  });
}

test("g and a letter lead to a page", () => {
  expect(meanings("g", "b")).toEqual([undefined, "billing"]);
  expect(meanings("g", 1500, "o"), "in time").toEqual([undefined, "overview"]);
  expect(meanings("g", 1501, "o"), "too late").toEqual([undefined, undefined]);
});

test("a letter after g is not one by itself", () => {
  expect(meanings("g", "x", "b")).toEqual([undefined, undefined, undefined]);
  expect(meanings("g", "x", "i")).toEqual([undefined, undefined, "invite"]);
  expect(meanings("g", 2000, "i")).toEqual([undefined, "invite"]);
});

test("single keys", () => {
  expect(meanings("i", "/", "?", "b", "G")).toEqual(["invite", "search", "help", undefined, undefined]);
});

test("no two pages have the same key, and g is none of them", () => {
  const keys = destinations.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).not.toContain("g");
  expect(keys.every((key) => /^[a-z]$/.test(key))).toBe(true);
});

test("a page of a workspace has a path in one only", () => {
  const [overview, list] = [{ to: "/w/$ws" }, { to: "/workspaces" }] as const;
  expect([pathOf(overview, "ws_1"), pathOf(overview, undefined)]).toEqual(["/w/ws_1", undefined]);
  expect([pathOf(list, "ws_1"), pathOf(list, undefined)]).toEqual(["/workspaces", "/workspaces"]);
});

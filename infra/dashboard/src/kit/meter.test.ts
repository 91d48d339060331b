import { expect, test } from "vitest";
import { load } from "./meter";

test("a meter is near its limit from 80 %", () => {
  expect([79, 80, 99, 100, 120].map((used) => load(used, 100))).toEqual(["fine", "near", "near", "full", "full"]);
  expect([load(5, null), load(0, 0)]).toEqual(["fine", "full"]);
});

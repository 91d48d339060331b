import { expect, test } from "vitest";
import { PARTS, pathOf, placeOf, workspacePath } from "./paths";

test("every part has a path that leads to it", () => {
  for (const part of PARTS) expect(placeOf(pathOf(part))).toEqual({ part });
  expect(placeOf(workspacePath("ws_1"))).toEqual({ part: "workspaces", workspace: "ws_1", tab: "facts" });
  expect(placeOf(workspacePath("ws_1", "doctor"))).toEqual({ part: "workspaces", workspace: "ws_1", tab: "doctor" });
  expect(placeOf("rounds/")).toEqual({ part: "rounds" });
});

test("other paths lead nowhere", () => {
  for (const path of ["nowhere", "workspaces", "workspaces/", "workspaces/ws_1/billing", "workspaces/ws_1/doctor/x", "rounds/x", "callback/x", "constructor"]) expect(placeOf(path), path).toBeUndefined();
});

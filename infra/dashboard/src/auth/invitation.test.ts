import { expect, test } from "vitest";
import { idsOf } from "./invitation";

const [workspace, invitation] = ["ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y", "inv_01K9ZX3V8Q4M7N2P5R6S8T9W0Z"];

test("a_token_names_its_workspace_and_invitation", () => {
  expect(idsOf(`${workspace}.${invitation}.2.aB-_9`)).toEqual({ workspace, invitation });
});

test("other_texts_name_nothing", () => {
  for (const text of ["", "a.b", `${workspace}.${invitation}`, `${workspace}.${invitation}.x.mac`, `${invitation}.${workspace}.1.mac`, `${workspace}.${invitation}.1.m<c`]) {
    expect(idsOf(text)).toBeUndefined();
  }
});

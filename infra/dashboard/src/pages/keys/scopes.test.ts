import { expect, test } from "vitest";
import { AREAS, inOrder, preset, PRESETS, presetOf, SCOPES, scopeOf } from "./scopes";

test("the table has every permission, once", () => {
  const cells = AREAS.flatMap((area) => [scopeOf(area, "read"), scopeOf(area, "write")]).filter((scope) => scope !== undefined);
  expect(cells).toEqual(SCOPES);
  expect([scopeOf("team", "write"), scopeOf("audit", "write")]).toEqual([undefined, undefined]);
});

test("a preset is recognized by what it chooses", () => {
  for (const isService of [false, true]) for (const name of PRESETS) expect(presetOf(preset(name, isService), isService)).toBe(name);
  expect(presetOf(new Set(["usage:read"]), false)).toBeUndefined();
});

test("a service key is never offered notifications", () => {
  expect([...preset("read", false)]).toContain("notifications:read");
  for (const name of PRESETS) expect([...preset(name, true)].join()).not.toContain("notifications");
});

test("permissions are sent in the order of the table", () => {
  expect(inOrder(["usage:write", "team:read", "usage:write"])).toEqual(["team:read", "usage:write"]);
});

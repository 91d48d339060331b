import { expect, test } from "vitest";
import { actOf } from "./keys";
import { pageOf } from "./link";
import { short } from "./short";

test("only pages of workspaces are opened", () => {
  const kept = ["/w/ws_1", "/w/ws_1/settings/billing?plan=pro", "/w/ws_1/settings/team#x"];
  expect(kept.map(pageOf)).toEqual(kept);
  const others = ["", "/", "/account", "w/ws_1", "//w/ws_1", "https://example.com/w/ws_1", "javascript:alert(1)", "/w/../account", "/w/%2e%2e/account", "\\/w/ws_1", " /w/ws_1"];
  expect(others.map(pageOf)).toEqual(others.map(() => undefined));
});

test("a badge has at most three characters", () => {
  expect([1, 99, 100, 12_345].map(short)).toEqual(["1", "99", "99+", "99+"]);
});

test("keys with the browser's modifiers do nothing", () => {
  const press = (key: string, more: object = {}) => actOf({ key, altKey: false, ctrlKey: false, metaKey: false, ...more });
  expect([press("j"), press("K"), press("ArrowUp"), press("u"), press("E"), press("Backspace")]).toEqual(["next", "previous", "previous", "toggle", "toggle", "delete"]);
  expect([press("x"), press("Enter"), press("k", { ctrlKey: true }), press("Backspace", { metaKey: true }), press("e", { altKey: true })]).toEqual(Array(5).fill(undefined));
});

import { beforeEach, expect, test, vi } from "vitest";

const stored = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => void stored.set(key, value),
  removeItem: (key: string) => void stored.delete(key),
});
const { setSignedIn } = await import("../../auth");
const { dropDeletion, keepDeletion, keptDeletions } = await import("./kept");

const deletion = (n: number) => ({ id: `del_${n}`, workspace: `ws_${n}`, name: `Acme ${n}` });
const ids = () => keptDeletions().map(({ id }) => id);

beforeEach(() => {
  stored.clear();
  setSignedIn({ email: "ana@example.com" });
});

test("deletions are kept until they are dropped, newest first", () => {
  [1, 2, 2].forEach((n) => keepDeletion(deletion(n)));
  expect(ids()).toEqual(["del_2", "del_1"]);
  dropDeletion("del_1");
  dropDeletion("del_2");
  expect([ids(), stored.size]).toEqual([[], 0]);
});

test("nobody else who signs in here sees them", () => {
  keepDeletion(deletion(1));
  setSignedIn({ email: "ben@example.com" });
  expect(ids()).toEqual([]);
  keepDeletion(deletion(2));
  expect(ids()).toEqual(["del_2"]);
  setSignedIn(undefined);
  expect(ids()).toEqual([]);
});

test("no more than twenty are kept", () => {
  for (let n = 1; n <= 25; n++) keepDeletion(deletion(n));
  expect(ids()).toHaveLength(20);
  expect(ids()[0]).toBe("del_25");
});

test("what is no list of deletions is none", () => {
  for (const text of ["{", "{}", '["x"]', '[{"id":1}]']) {
    stored.set("berth.deletions", text);
    expect(ids()).toEqual([]);
  }
});

import { expect, test } from "vitest";
import { changesOf } from "./diff";

const text = (text: string) => ({ kind: "text", text });

test("fields of both sides are compared", () => {
  expect(changesOf({ before: { role: "viewer", seats: 3 }, after: { role: "admin", seats: 3, note: "" } })).toEqual([
    { field: "role", before: text("viewer"), after: text("admin"), isSame: false },
    { field: "seats", before: text("3"), after: text("3"), isSame: true },
    { field: "note", before: undefined, after: { kind: "empty" }, isSame: false },
  ]);
});

test("parts of objects are compared one by one", () => {
  const changes = changesOf({ before: { settings: { theme: { accent: "red" } } }, after: { settings: { theme: { accent: "blue" }, tags: ["a", "b"], none: {} } } });
  expect(changes.map(({ field, before, after }) => [field, before, after])).toEqual([
    ["settings.theme.accent", text("red"), text("blue")],
    ["settings.tags", undefined, text('["a","b"]')],
    ["settings.none", undefined, text("{}")],
  ]);
});

test("erased and large values are distinguished from objects with a digest", () => {
  const [email, description, image] = changesOf({
    before: {},
    after: { email: { digest: "Q7" }, description: { digest: "R8", bytes: 2048 }, image: { digest: "sha", tag: "v1" } },
  });
  expect(email?.after).toEqual({ kind: "erased", digest: "Q7" });
  expect(description?.after).toEqual({ kind: "large", digest: "R8", bytes: 2048 });
  expect(image).toMatchObject({ field: "image.digest", after: text("sha") });
});

test("texts are shown as they are, other values as JSON", () => {
  const [name, flag, nothing] = changesOf({ before: {}, after: { name: '<b>"x"</b>', flag: false, nothing: null } });
  expect([name?.after, flag?.after, nothing?.after]).toEqual([text('<b>"x"</b>'), text("false"), text("null")]);
});

import { expect, test } from "vitest";
import { withAddons } from "./data";

test("an API that knows no add-ons lists none", async () => {
  const read = (body: object) => withAddons(Promise.resolve({ data: body as { addons: unknown[] } }));
  expect(await read({ plan: "pro" })).toEqual({ plan: "pro", addons: [] });
  expect(await read({ pending_change: null })).toEqual({ pending_change: null, addons: [] });
  expect(await read({ pending_change: { plan: "pro" } })).toEqual({ pending_change: { plan: "pro", addons: [] }, addons: [] });
  expect(await read({ addons: [1], pending_change: { addons: [2] } })).toEqual({ addons: [1], pending_change: { addons: [2] } });
});

// What the types refuse. `tsc` checks this file: an error that is missing is an error.

import { createClient, each, type paths } from "berth-client";
import { expectTypeOf, test } from "vitest";

const byKey = createClient({ api: "https://api.example.com", key: "x" });
const byToken = createClient({ api: "https://api.example.com", token: async () => "x", renew: async () => undefined, lost: () => undefined });

test("a key needs no workspace, a person names theirs", () => {
  expectTypeOf(byKey.GET<"/workspace", object>).toBeFunction();
  void (() => byKey.GET("/workspace"));
  void (() => byKey.GET("/workspace", { params: { header: { "X-Workspace-ID": "ws_1" } } }));
  // @ts-expect-error: the workspace is missing.
  void (() => byToken.GET("/workspace"));
});

test("paths, bodies and fields are those of the API", () => {
  // @ts-expect-error: there is no such path.
  void (() => byKey.GET("/nowhere"));
  // @ts-expect-error: the amount is missing.
  void (() => byKey.POST("/usage/consume", { body: { meter: "executions" } }));
  const members = () => each("members", (cursor) => byKey.GET("/team/members", { params: { query: { cursor } } }));
  expectTypeOf<ReturnType<typeof members> extends AsyncGenerator<infer T> ? T : never>().toHaveProperty("role");
  // @ts-expect-error: the page has no such list.
  void (() => each("people", (cursor) => byKey.GET("/team/members", { params: { query: { cursor } } })));
});

test("routes of one's own are added to the API's", () => {
  interface Own {
    "/boats": { get: { parameters: object; responses: { 200: { headers: object; content: { "application/json": { boats: string[] } } } } } };
  }
  const own = createClient<paths & Own>({ api: "https://api.example.com", key: "x" });
  const ask = () => own.GET("/boats");
  expectTypeOf<NonNullable<Awaited<ReturnType<typeof ask>>["data"]>>().toEqualTypeOf<{ boats: string[] }>();
});

import { beforeEach, expect, test, vi } from "vitest";
import { createClient, data, each, Failure, isFailure, pages } from "berth-client";

const API = "https://api.example.com";
const KEY = "berth_sk_x";

type Answer = Response | Error | (() => Promise<Response>);

/** Answers in turn; what was sent is returned as it grows. */
function answers(...given: Answer[]) {
  const sent: Request[] = [];
  const send = async (request: Request) => {
    sent.push(request);
    const next = given.shift();
    if (typeof next === "function") return next();
    if (next instanceof Response) return next;
    throw next ?? new Error("no answer is left");
  };
  return { sent, send };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status, headers });
const refused = (status: number, code: string, headers: Record<string, string> = {}, more: object = {}) =>
  json({ type: "", title: "", status, code, detail: `${code}.`, instance: "req-1", ...more }, status, headers);
const caught = (asked: Promise<unknown>) => asked.then(() => undefined, (error: unknown) => error as Failure);

beforeEach(() => void vi.useRealTimers());

const withKey = (send: (request: Request) => Promise<Response>, more: object = {}) => createClient({ api: API, key: KEY, fetch: send, ...more });

test("a key is sent to its own entrance, without a workspace", async () => {
  const { sent, send } = answers(json({ name: "Acme" }));
  expect(await data(withKey(send).GET("/workspace"))).toEqual({ name: "Acme" });
  expect(sent[0]?.url).toBe(`${API}/v1/workspace`);
  expect(sent[0]?.headers.get("authorization")).toBe(`Bearer ${KEY}`);
});

test("an empty key is refused before anything is sent", () => {
  expect(() => createClient({ api: API, key: "" })).toThrow("the API key is empty");
});

test("the address may end with a slash", async () => {
  const { sent, send } = answers(json({}));
  await createClient({ api: `${API}/`, key: KEY, fetch: send }).GET("/workspace");
  expect(sent[0]?.url).toBe(`${API}/v1/workspace`);
});

test("a POST has an idempotency key, its own if it names one", async () => {
  const { sent, send } = answers(json({}), json({}), json({}), json({}));
  const berth = withKey(send);
  await berth.POST("/workspace/start");
  await berth.POST("/workspace/start");
  await berth.POST("/workspace/start", { params: { header: { "Idempotency-Key": "mine" } } });
  await berth.GET("/workspace");
  const keys = sent.map(({ headers }) => headers.get("idempotency-key"));
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).not.toBe(keys[0]);
  expect(keys.slice(2)).toEqual(["mine", null]);
});

test("a refusal is thrown with what to do", async () => {
  const { send } = answers(refused(400, "invalid_request", {}, { errors: [{ in: "body", field: "name", message: "must not be empty" }] }));
  const error = await caught(withKey(send).GET("/workspace"));
  expect(isFailure(error)).toBe(true);
  expect(error).toMatchObject({ status: 400, code: "invalid_request", detail: "invalid_request.", requestId: "req-1", passes: false, fields: { name: "must not be empty" } });
});

test("an answer that is no problem has a code, too", async () => {
  const { send } = answers(new Response("<html>", { status: 502, headers: { "apigw-requestid": "gw-1" } }));
  expect(await caught(withKey(send).GET("/workspace"))).toMatchObject({ status: 502, code: "unknown", requestId: "gw-1", passes: true });
});

test("nothing is sent again unless that is asked for", async () => {
  const { sent, send } = answers(refused(429, "key_over_rate", { "retry-after": "0" }));
  expect(await caught(withKey(send).GET("/workspace"))).toMatchObject({ code: "key_over_rate", retryAfter: 0 });
  expect(sent).toHaveLength(1);
});

test("a repetition waits as long as it is asked to, under the same key and with the same body", async () => {
  vi.useFakeTimers();
  const { sent, send } = answers(refused(429, "key_over_rate", { "retry-after": "7" }), json({ used: 1 }));
  const asked = withKey(send, { retries: 2 }).POST("/usage/consume", { body: { meter: "executions", amount: 1, key: "a" } });
  await vi.advanceTimersByTimeAsync(6_900);
  expect(sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(await data(asked)).toEqual({ used: 1 });
  expect(sent[1]?.headers.get("idempotency-key")).toBe(sent[0]?.headers.get("idempotency-key"));
  expect(await Promise.all(sent.map((request) => request.json()))).toEqual(Array(2).fill({ meter: "executions", amount: 1, key: "a" }));
});

test("without a time the pauses grow, and end", async () => {
  vi.useFakeTimers();
  const { sent, send } = answers(new Error("down"), refused(503, "unavailable"), refused(503, "unavailable"));
  const asked = caught(withKey(send, { retries: 2 }).GET("/workspace"));
  await vi.advanceTimersByTimeAsync(500);
  expect(sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(900);
  expect(sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(100);
  expect(await asked).toMatchObject({ code: "unavailable" });
  expect(sent).toHaveLength(3);
});

test("what does not pass, and what would take too long, is thrown at once", async () => {
  const { sent, send } = answers(refused(403, "scope_required"), refused(429, "key_budget_used", { "retry-after": "61" }));
  const berth = withKey(send, { retries: 3 });
  expect(await caught(berth.GET("/workspace"))).toMatchObject({ code: "scope_required" });
  expect(await caught(berth.GET("/workspace"))).toMatchObject({ code: "key_budget_used" });
  expect(sent).toHaveLength(2);
});

test("a request that is given up is not waited for", async () => {
  const end = new AbortController();
  const { sent, send } = answers(refused(429, "key_over_rate", { "retry-after": "30" }));
  const asked = caught(withKey(send, { retries: 1 }).GET("/workspace", { signal: end.signal }));
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  end.abort();
  expect(await asked).toMatchObject({ name: "AbortError" });
});

test("every answer is seen", async () => {
  const seen: (string | null)[] = [];
  const { send } = answers(refused(503, "unavailable", { "retry-after": "0" }), json({}, 200, { "ratelimit-remaining": "59" }));
  await withKey(send, { retries: 1, onAnswer: ({ headers }: Response) => seen.push(headers.get("ratelimit-remaining")) }).GET("/workspace");
  expect(seen).toEqual([null, "59"]);
});

test("failures can be of another class", async () => {
  class Own extends Failure {}
  const { send } = answers(refused(403, "role_required"), new Error("down"));
  const berth = withKey(send, { failure: Own });
  for (const code of ["role_required", "unreachable"]) {
    const error = await caught(berth.GET("/workspace"));
    expect(error).toBeInstanceOf(Own);
    expect(error).toMatchObject({ code });
  }
});

const page = (emails: string[], next: string | null) => json({ members: emails.map((email) => ({ email })), pagination: { has_more: next !== null, next_cursor: next } });

test("a list is read to its end, page by page", async () => {
  const { sent, send } = answers(page(["a", "b"], "2"), page([], "3"), page(["c"], null));
  const berth = withKey(send);
  const found: (string | null | undefined)[] = [];
  for await (const { email } of each("members", (cursor) => berth.GET("/team/members", { params: { query: { cursor, limit: 2 } } }))) {
    found.push(email);
    if (email === "b") expect(sent, "the next page is read when it is asked for").toHaveLength(1);
  }
  expect(found).toEqual(["a", "b", "c"]);
  expect(sent.map(({ url }) => new URL(url).search)).toEqual(["?limit=2", "?cursor=2&limit=2", "?cursor=3&limit=2"]);
});

test("who has seen enough stops", async () => {
  const { sent, send } = answers(page(["a"], "2"));
  const berth = withKey(send);
  for await (const { members } of pages((cursor) => berth.GET("/team/members", { params: { query: { cursor } } }))) {
    expect(members).toHaveLength(1);
    break;
  }
  expect(sent).toHaveLength(1);
});

/** A person whose tokens are counted. */
function person(tokens: (string | undefined)[]) {
  const seen = { renewed: 0, lost: 0 };
  return {
    seen,
    entrance: {
      api: API,
      token: async () => tokens[Math.min(seen.renewed, tokens.length - 1)],
      renew: async () => void seen.renewed++,
      lost: () => void seen.lost++,
    },
  };
}

const header = { "X-Workspace-ID": "ws_1" };

test("a person's token is sent to their entrance", async () => {
  const { sent, send } = answers(json({}));
  await createClient({ ...person(["one"]).entrance, fetch: send }).GET("/workspace", { params: { header } });
  expect(sent[0]?.url).toBe(`${API}/api/v1/workspace`);
  expect(sent[0]?.headers.get("authorization")).toBe("Bearer one");
  expect(sent[0]?.headers.get("x-workspace-id")).toBe("ws_1");
});

test("without a token nothing is sent", async () => {
  const { sent, send } = answers();
  const { entrance, seen } = person([undefined]);
  expect(await caught(createClient({ ...entrance, fetch: send }).GET("/me"))).toMatchObject({ status: 401, code: "signed_out" });
  expect([sent.length, seen.lost, seen.renewed]).toEqual([0, 1, 0]);
});

test.each([
  ["a refused token", () => refused(401, "unauthenticated")],
  ["no answer, which a browser makes of the gateway's own 401", () => new TypeError("Failed to fetch")],
])("%s renews it once", async (_, first) => {
  const { sent, send } = answers(first(), json({ id: "usr_1" }));
  const { entrance, seen } = person(["one", "two"]);
  expect(await data(createClient({ ...entrance, fetch: send }).GET("/me"))).toEqual({ id: "usr_1" });
  expect(sent.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer one", "Bearer two"]);
  expect(seen).toEqual({ renewed: 1, lost: 0 });
});

test("a new token that is refused, too, ends the session", async () => {
  const { send } = answers(refused(401, "unauthenticated"), refused(401, "unauthenticated"));
  const { entrance, seen } = person(["one", "two"]);
  expect(await caught(createClient({ ...entrance, fetch: send }).GET("/me"))).toMatchObject({ status: 401 });
  expect(seen).toEqual({ renewed: 1, lost: 1 });
});

test("while the service is down, tokens are renewed once a minute", async () => {
  vi.useFakeTimers();
  const { send } = answers(...Array.from({ length: 6 }, () => new Error("down")));
  const { entrance, seen } = person(["one"]);
  const berth = createClient({ ...entrance, fetch: send });
  await caught(berth.GET("/me"));
  await caught(berth.GET("/me"));
  expect(seen.renewed).toBe(1);
  await vi.advanceTimersByTimeAsync(61_000);
  await caught(berth.GET("/me"));
  expect(seen.renewed).toBe(2);
});

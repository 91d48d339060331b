import { beforeAll, expect, test, vi } from "vitest";
import type { Progress } from "./walk";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("navigator", { languages: ["en"] });

let walk: (typeof import("./walk"))["walk"];
let Failure: (typeof import("../failure"))["Failure"];

beforeAll(async () => {
  ({ walk } = await import("./walk"));
  ({ Failure } = await import("../failure"));
});

/** Walks over what the steps answer; an error is thrown. */
async function over(answers: unknown[], end = new AbortController()) {
  const reports: Progress[] = [];
  const slept: number[] = [];
  let at = 0;
  const step = async () => {
    const answer = answers[at++];
    if (answer instanceof Error) throw answer;
    return answer as boolean;
  };
  await walk(step, (progress) => reports.push(progress), end.signal, async (milliseconds) => void slept.push(milliseconds));
  return { reports: reports.map(({ state }) => state), last: reports.at(-1), slept, steps: at };
}

const refused = (status: number, wait?: number) => new Failure(status, "some", "no", undefined, {}, wait);

test("pages are read until there is none", async () => {
  expect(await over([true, true, false, true])).toMatchObject({ steps: 3, reports: ["reading", "done"], slept: [] });
});

test("a used budget is waited for as long as the answer says", async () => {
  const { reports, slept, steps } = await over([true, refused(429, 34), refused(429), false]);
  expect({ reports, slept, steps }).toEqual({ reports: ["reading", "waiting", "reading", "waiting", "reading", "done"], slept: [34_000, 10_000], steps: 4 });
});

test("a failure that passes is tried three times in a row", async () => {
  expect(await over([refused(503), refused(0), true, refused(500), false])).toMatchObject({ slept: [500, 1000, 500], steps: 5, last: { state: "done" } });
  const error = refused(503);
  expect(await over([error, error, error, false])).toMatchObject({ steps: 3, last: { state: "failed", error } });
});

test("another failure ends it", async () => {
  const error = refused(403);
  expect(await over([true, error])).toMatchObject({ steps: 2, last: { state: "failed", error } });
});

test("nothing is reported or read after it was cancelled", async () => {
  const end = new AbortController();
  const reports: string[] = [];
  let steps = 0;
  const step = async () => {
    if (++steps === 2) end.abort();
    return true;
  };
  await walk(step, ({ state }) => reports.push(state), end.signal, async () => undefined);
  expect({ steps, reports }).toEqual({ steps: 2, reports: ["reading"] });
});

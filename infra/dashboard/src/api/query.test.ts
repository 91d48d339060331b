import { InfiniteQueryObserver, QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("navigator", { languages: ["en"] });
const { queries, readAgain, supersede } = await import("./query");

afterEach(() => queries.clear());

/** Answers each call when the test says so. */
function reads() {
  const answers: ((value: string) => void)[] = [];
  return { answers, queryFn: () => new Promise<string>((answer) => answers.push(answer)) };
}

const settled = () => new Promise((done) => setTimeout(done, 5));

test("a first read from before a change is sent again", async () => {
  const { answers, queryFn } = reads();
  const observer = new QueryObserver(queries, { queryKey: ["list"], queryFn });
  const seen: string[] = [];
  const leave = observer.subscribe(({ status, data }) => seen.push(data ?? status));
  const read = readAgain(["list"]);
  expect(answers).toHaveLength(2);
  answers[0]?.("old");
  await settled();
  expect(observer.getCurrentResult()).toMatchObject({ status: "pending", fetchStatus: "fetching" });
  answers[1]?.("new");
  await read;
  expect(observer.getCurrentResult()).toMatchObject({ status: "success", fetchStatus: "idle", data: "new", isStale: false });
  expect(new Set(seen)).not.toContain("error");
  expect(new Set(seen)).not.toContain("old");
  leave();
});

test("a list in pages without data ends with the new data", async () => {
  const { answers, queryFn } = reads();
  const observer = new InfiniteQueryObserver(queries, { queryKey: ["pages"], queryFn, initialPageParam: "", getNextPageParam: () => undefined });
  const leave = observer.subscribe(() => undefined);
  const read = readAgain(["pages"]);
  answers[0]?.("old");
  await settled();
  answers[1]?.("new");
  await read;
  expect(observer.getCurrentResult()).toMatchObject({ status: "success", fetchStatus: "idle", data: { pages: ["new"] } });
  leave();
});

test("a read that nobody looks at is idle, and sent when somebody does", async () => {
  const { answers, queryFn } = reads();
  const leave = new QueryObserver(queries, { queryKey: ["left"], queryFn }).subscribe(() => undefined);
  leave();
  await readAgain(["left"]);
  expect(queries.getQueryState(["left"])).toMatchObject({ status: "pending", fetchStatus: "idle" });
  const observer = new QueryObserver(queries, { queryKey: ["left"], queryFn });
  const leaveAgain = observer.subscribe(() => undefined);
  answers[0]?.("old");
  answers[1]?.("new");
  await settled();
  expect(observer.getCurrentResult().data).toBe("new");
  leaveAgain();
});

test("what a change says is not replaced by a read from before it", async () => {
  const { answers, queryFn } = reads();
  const observer = new QueryObserver(queries, { queryKey: ["one"], queryFn });
  const leave = observer.subscribe(() => undefined);
  supersede(["one"]);
  queries.setQueryData(["one"], "new");
  answers[0]?.("old");
  await settled();
  expect(observer.getCurrentResult()).toMatchObject({ status: "success", fetchStatus: "idle", data: "new" });
  leave();
});

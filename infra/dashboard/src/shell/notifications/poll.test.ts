import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EVERY, SLOWEST, pause, poll } from "./poll";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A window that the test shows and hides; the moments of the questions, in seconds. */
function setUp(answer: () => true | number | Promise<true | number> = () => true, visible = true) {
  let changed = () => {};
  const start = Date.now();
  const asked: number[] = [];
  const end = poll(
    async () => {
      asked.push(Math.round((Date.now() - start) / 1000));
      return answer();
    },
    { isVisible: () => visible, watch: (listener) => ((changed = listener), () => (changed = () => {})) },
  );
  const show = (now: boolean) => {
    visible = now;
    changed();
  };
  return { asked, end, show, focus: () => changed(), wait: (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000) };
}

test("it asks at once and every 30 seconds", async () => {
  const { asked, wait } = setUp();
  await wait(95);
  expect(asked).toEqual([0, 30, 60, 90]);
});

test("it stops while the page is hidden and asks when it is seen", async () => {
  const { asked, show, wait } = setUp();
  await wait(10);
  show(false);
  await wait(300);
  expect(asked).toEqual([0]);
  show(true);
  await wait(35);
  expect(asked).toEqual([0, 310, 340]);
});

test("a page that opens in the background asks when it is seen", async () => {
  const { asked, show, wait } = setUp(() => true, false);
  await wait(90);
  expect(asked).toEqual([]);
  show(true);
  await wait(1);
  expect(asked).toEqual([90]);
});

test("it ends", async () => {
  const { asked, end, wait } = setUp();
  await wait(1);
  end();
  await wait(90);
  expect(asked).toEqual([0]);
});

test("the focus asks at once but not twice for one return", async () => {
  const { asked, focus, show, wait } = setUp();
  await wait(10);
  focus();
  show(true);
  focus();
  await wait(31);
  expect(asked).toEqual([0, 10, 40]);
});

test("failures make it slower, an answer makes it quick again", async () => {
  let down = true;
  const { asked, wait } = setUp(() => (down ? 0 : true));
  await wait(60 + 120 + 240);
  expect(asked).toEqual([0, 60, 180, 420]);
  down = false;
  await wait(300 + 30);
  expect(asked.slice(4)).toEqual([720, 750]);
  expect([0, 1, 2, 3, 4, 20].map(pause)).toEqual([1, 2, 4, 8, 10, 10].map((times) => times * EVERY));
  expect(pause(20)).toBe(SLOWEST);
});

test("nothing is asked before the API takes questions again", async () => {
  const { asked, focus, wait } = setUp(() => 20_000);
  await wait(10);
  focus();
  await wait(9);
  expect(asked).toEqual([0]);
  await wait(2);
  expect(asked).toEqual([0, 20]);
});

test("one question is on its way at a time", async () => {
  let reply: (value: true) => void = () => {};
  const { asked, focus, wait } = setUp(() => new Promise<true>((done) => (reply = done)));
  await wait(100);
  focus();
  await wait(100);
  expect(asked).toEqual([0]);
  reply(true);
  await wait(1);
  expect(asked).toEqual([0, 200]);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { line, pause, type Message, type Socket } from "./line";

class Fake implements Socket {
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  sent: string[] = [];
  isClosed = false;
  constructor(readonly url: string) {}
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onclose?.({} as CloseEvent);
  }
  opens() {
    this.onopen?.({} as Event);
  }
  says(message: unknown) {
    this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) } as MessageEvent);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function started(ticket = () => Promise.resolve({ url: "wss://live", ticket: "a.b=" })) {
  const sockets: Fake[] = [];
  const received: Message[] = [];
  const states: boolean[] = [];
  const open = (url: string) => {
    const socket = new Fake(url);
    sockets.push(socket);
    return socket;
  };
  const end = line({ ticket, open, random: () => 0.5 }, { received: (message) => received.push(message), connected: (on) => states.push(on) });
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { sockets, received, states, end, settle };
}

test("it subscribes once it is open, and knows everything with the answer", async () => {
  const { sockets, received, states, settle } = started();
  await settle();
  expect(sockets[0]?.url).toBe("wss://live?ticket=a.b%3D");
  sockets[0]?.opens();
  expect(sockets[0]?.sent).toEqual(['{"action":"subscribe","since":0}']);
  expect(states).toEqual([]);
  sockets[0]?.says({ type: "state", seq: 4, rev: 9 });
  expect(states).toEqual([true]);
  sockets[0]?.says("no JSON");
  sockets[0]?.says("null");
  expect(received).toEqual([{ type: "state", seq: 4, rev: 9 }]);
});

test("after a failure it asks for what it has missed, later and later", async () => {
  const { sockets, states, settle } = started();
  await settle();
  sockets[0]?.opens();
  sockets[0]?.says({ type: "state", seq: 4 });
  sockets[0]?.says({ type: "notification", seq: 6 });
  sockets[0]?.close();
  expect(states).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(pause(0, 0.5));
  sockets[1]?.opens();
  expect(sockets[1]?.sent).toEqual(['{"action":"subscribe","since":6}']);
  sockets[1]?.close();
  await vi.advanceTimersByTimeAsync(pause(1, 0.5) - 1);
  expect(sockets).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(sockets).toHaveLength(3);
});

test("it is replaced before it ends, without a gap", async () => {
  const { sockets, states, settle } = started();
  await settle();
  sockets[0]?.opens();
  sockets[0]?.says({ type: "state", seq: 1 });
  await vi.advanceTimersByTimeAsync(110 * 60_000);
  expect(sockets).toHaveLength(2);
  expect(sockets[0]?.isClosed, "the old one goes on until the new one knows everything").toBe(false);
  expect(sockets[0]?.sent.filter((text) => text.includes("ping")), "it is kept from being idle").toHaveLength(22);
  sockets[1]?.opens();
  sockets[1]?.says({ type: "state", seq: 1 });
  expect(sockets[0]?.isClosed).toBe(true);
  expect(states, "it was connected all the time").toEqual([true, true]);
});

test("however often it was opened again, it is replaced once", async () => {
  const { sockets, settle } = started();
  await settle();
  for (let number = 0; number < 4; number++) {
    const socket = sockets[number];
    socket?.opens();
    socket?.says({ type: "state", seq: 1 });
    if (number < 3) socket?.close();
    if (number < 3) await vi.advanceTimersByTimeAsync(pause(0, 0.5));
  }
  expect(sockets).toHaveLength(4);
  await vi.advanceTimersByTimeAsync(110 * 60_000);
  expect(sockets).toHaveLength(5);
});

test("a replacement that fails is tried again, and the old one goes on", async () => {
  const { sockets, states, settle } = started();
  await settle();
  sockets[0]?.opens();
  sockets[0]?.says({ type: "state", seq: 1 });
  await vi.advanceTimersByTimeAsync(110 * 60_000);
  sockets[1]?.close();
  expect([sockets[0]?.isClosed, states]).toEqual([false, [true]]);
  await vi.advanceTimersByTimeAsync(pause(0, 0.5));
  sockets[2]?.opens();
  sockets[2]?.says({ type: "state", seq: 1 });
  expect(sockets[0]?.isClosed).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets, "the one that was replaced is not missed").toHaveLength(3);
});

test("an end also ends what is being opened", async () => {
  const { sockets, end, settle } = started();
  await settle();
  end();
  expect(sockets[0]?.isClosed).toBe(true);
});

test("without a ticket it tries again, and an end is an end", async () => {
  let refusals = 2;
  const { sockets, end } = started(() => (refusals-- > 0 ? Promise.reject(new Error("no")) : Promise.resolve({ url: "wss://live", ticket: "t" })));
  await vi.advanceTimersByTimeAsync(pause(0, 0.5) + pause(1, 0.5));
  expect(sockets).toHaveLength(1);
  sockets[0]?.opens();
  sockets[0]?.says({ type: "state" });
  end();
  expect(sockets[0]?.isClosed).toBe(true);
  await vi.advanceTimersByTimeAsync(24 * 3_600_000);
  expect(sockets).toHaveLength(1);
});

test("it waits for as long as an answer says", async () => {
  let refused = true;
  const { sockets } = started(() => {
    if (!refused) return Promise.resolve({ url: "wss://live", ticket: "t" });
    refused = false;
    return Promise.reject(Object.assign(new Error("too many"), { retryAfter: 7 }));
  });
  await vi.advanceTimersByTimeAsync(6_999);
  expect(sockets).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(sockets).toHaveLength(1);
});

test("pauses grow to five minutes, and differ", () => {
  expect([0, 3, 20].map((failures) => pause(failures, 1))).toEqual([1_000, 8_000, 300_000]);
  expect(pause(20, 0)).toBe(150_000);
});

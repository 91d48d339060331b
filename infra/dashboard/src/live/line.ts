// One live connection of a workspace: opened with a ticket, kept alive, replaced before it ends, and opened again after a failure.

/** A message of the service; docs/live.md has all of them. */
export interface Message {
  type: string;
  seq?: number;
  rev?: number;
  reason?: string;
}

/** What a connection needs of the world. */
export interface Surroundings {
  /** Its error may have the seconds after which to ask again, as `retryAfter`. */
  ticket: () => Promise<{ url: string; ticket: string }>;
  open: (url: string) => Socket;
  /** Between 0 and 1. */
  random: () => number;
}

/** The part of a WebSocket that is used. */
export interface Socket {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send: (text: string) => void;
  close: () => void;
}

export interface Listener {
  received: (message: Message) => void;
  /** True once everything is known that happened before, false while it may not be. */
  connected: (on: boolean) => void;
}

type Timer = ReturnType<typeof setTimeout>;

const MINUTE = 60_000;
/** The service ends connections after two hours, and after ten minutes without a message. */
const RENEWED = 110 * MINUTE;
const SPREAD = 10 * MINUTE;
const PING = 5 * MINUTE;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 5 * MINUTE;

/** The milliseconds before another attempt, after so many failures one after the other. Those of many clients differ. */
export function pause(failures: number, random: number): number {
  return Math.min(FIRST_PAUSE * 2 ** failures, LONGEST_PAUSE) * (0.5 + random / 2);
}

/** Opens a connection and keeps one open. Returns how to end that. */
export function line({ ticket, open, random }: Surroundings, { received, connected }: Listener): () => void {
  let current: Socket | undefined;
  let seq = 0;
  let failures = 0;
  let ended = false;
  let renewal: Timer | undefined;
  const sockets = new Set<Socket>();
  const timers = new Set<Timer>();
  const after = (delay: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, delay);
    timers.add(timer);
    return timer;
  };
  const cancel = (timer: Timer | undefined) => {
    clearTimeout(timer);
    if (timer) timers.delete(timer);
  };
  const again = (least = 0) => after(Math.max(least, pause(failures++, random())), () => void begin());
  const failed = () => {
    connected(false);
    if (!ended) again();
  };

  async function begin(): Promise<void> {
    let socket: Socket;
    try {
      const { url, ticket: proof } = await ticket();
      if (ended) return;
      socket = open(`${url}?ticket=${encodeURIComponent(proof)}`);
    } catch (error) {
      // The one that is open goes on; without one, the page polls meanwhile.
      if (!ended) again(((error as { retryAfter?: number }).retryAfter ?? 0) * 1_000);
      return;
    }
    sockets.add(socket);
    // Until it knows everything.
    let isNew = true;
    let alive: Timer | undefined;
    const ping = () => {
      socket.send('{"action":"ping"}');
      alive = after(PING, ping);
    };
    socket.onopen = () => {
      socket.send(JSON.stringify({ action: "subscribe", since: seq }));
      alive = after(PING, ping);
    };
    socket.onmessage = ({ data }) => {
      const message = parsed(data);
      if (!message) return;
      seq = Math.max(seq, message.seq ?? 0);
      received(message);
      if (message.type !== "state" || current === socket) return;
      // Only now does the new one know everything: the old one is not needed any more.
      const old = current;
      current = socket;
      isNew = false;
      failures = 0;
      old?.close();
      connected(true);
      cancel(renewal);
      renewal = after(RENEWED + (2 * random() - 1) * SPREAD, () => void begin());
    };
    socket.onclose = () => {
      cancel(alive);
      sockets.delete(socket);
      if (ended) return;
      if (current === socket) current = undefined;
      else if (!isNew) return;
      if (current) again();
      else failed();
    };
  }

  void begin();
  return () => {
    ended = true;
    for (const timer of timers) clearTimeout(timer);
    for (const socket of sockets) socket.close();
  };
}

function parsed(data: unknown): Message | undefined {
  try {
    const message = JSON.parse(String(data)) as Message | null;
    return message && typeof message.type === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

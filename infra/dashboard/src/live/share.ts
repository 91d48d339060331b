// One connection for all tabs of a browser: the tab that holds the lock leads, and passes on what it receives. If it is closed, another
// one leads.

import type { Listener, Message } from "./line";

/** What tabs send each other. */
type Word = { kind: "message"; message: Message } | { kind: "connected"; on: boolean } | { kind: "ask" };

/** Receives what the connection `name` receives, by `lead` if no other tab leads. Returns how to end that. */
export function share(name: string, lead: (listener: Listener) => () => void, listener: Listener): () => void {
  const channel = new BroadcastChannel(name);
  const waiting = new AbortController();
  let release: (() => void) | undefined;
  let isConnected = false;
  const leads = () => release !== undefined;
  const receive = (word: Word) => {
    if (word.kind === "message") listener.received(word.message);
    if (word.kind === "connected") listener.connected(word.on);
    if (word.kind === "ask" && leads()) say({ kind: "connected", on: isConnected });
  };
  const say = (word: Word) => channel.postMessage(word);
  const both = (word: Word) => {
    receive(word);
    say(word);
  };
  channel.onmessage = ({ data }) => receive(data as Word);
  say({ kind: "ask" });
  const led = navigator.locks.request(name, { signal: waiting.signal }, () => {
    // The tab that led before is gone, and its connection with it.
    both({ kind: "connected", on: false });
    return new Promise<void>((done) => {
      const quit = lead({
        received: (message) => both({ kind: "message", message }),
        connected: (on) => {
          isConnected = on;
          both({ kind: "connected", on });
        },
      });
      release = () => {
        quit();
        done();
      };
    });
  });
  // Ended while it waited for its turn.
  led.catch(() => undefined);
  return () => {
    waiting.abort();
    if (leads()) say({ kind: "connected", on: false });
    release?.();
    channel.close();
  };
}

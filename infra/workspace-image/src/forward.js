// Passes the output of the plugins' container to the gateway, which logs it. The container has no log driver: whatever is written to
// the streams of its first process reaches nobody, so that plugins cannot get around the limits.

import { Agent, request } from "node:http";
import { Lines, Quota } from "./output.js";

const EVERY = 250;
const TIMEOUT = 5_000;
/** Maximum size of a request in bytes. JSON takes at most six for each byte of a batch. */
export const MOST_BYTES = 256 * 1024;
const BATCH = 32 * 1024;

export class Forwarder {
  #port;
  #quota = new Quota();
  #lines = new Map();
  #waiting = [];
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #timer;
  #flushing;

  constructor({ port, every = EVERY }) {
    this.#port = port;
    this.#timer = setInterval(() => this.flush(), every);
    this.#timer.unref();
  }

  /** Takes a chunk of a process's `stream`, or its end. */
  take(stream, chunk) {
    if (!this.#lines.has(stream)) this.#lines.set(stream, new Lines((text, cut) => this.line(stream, text, cut)));
    const lines = this.#lines.get(stream);
    chunk ? lines.feed(chunk) : lines.end();
  }

  line(stream, text, cut = 0) {
    if (this.#quota.admit(text, cut)) this.#waiting.push({ stream, text });
  }

  /** Sends what waits and resolves once it has arrived. If it does not arrive, it is counted as dropped. */
  async flush() {
    // One at a time: what comes meanwhile waits for the next.
    this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined));
    return this.#flushing;
  }

  async #flush() {
    for (;;) {
      const [[lines, bytes], dropped] = [this.#batch(), this.#quota.dropped()];
      if (lines.length === 0 && !dropped) return;
      if (await this.#send({ lines, dropped })) {
        if (this.#waiting.length > 0) continue;
        return;
      }
      this.#quota.drop({ lines: lines.length + (dropped?.lines ?? 0), bytes: bytes + (dropped?.bytes ?? 0) });
      return;
    }
  }

  /** Takes the first of the waiting lines, and their length. */
  #batch() {
    let [count, bytes] = [0, 0];
    while (count < this.#waiting.length && bytes < BATCH) {
      bytes += Buffer.byteLength(this.#waiting[count].text);
      count += 1;
    }
    return [this.#waiting.splice(0, count), bytes];
  }

  #send(batch) {
    return new Promise((resolve) => {
      const options = { host: "127.0.0.1", port: this.#port, path: "/output", method: "POST", agent: this.#agent, timeout: TIMEOUT };
      const call = request(options, (answer) => {
        answer.resume();
        answer.on("close", () => resolve(answer.statusCode === 204));
      });
      call.on("timeout", () => call.destroy());
      call.on("error", () => resolve(false));
      call.end(JSON.stringify(batch));
    });
  }
}

// Reports each half minute what the container uses, and whether it had something to do. A report that fails is not repeated: the
// next one is as good, and says whether there was something to do since the last one that was accepted. A 429 says when the next
// one is accepted. A 401 means that another container has taken over; reporting ends then.

import { log } from "./log.js";

const EVERY = 30_000;
const TIMEOUT = 10_000;
// The longest wait that a 429 is believed: Berth takes a report for current for two minutes.
const MOST_SECONDS = 60;

export class Heart {
  #url;
  #token;
  #read;
  #wasActive;
  #every;
  #timer;
  #active = false;
  #notBefore = 0;

  constructor({ url, token, read, wasActive, every = EVERY }) {
    this.#url = url && new URL("heartbeat", url.endsWith("/") ? url : `${url}/`);
    this.#token = token;
    this.#read = read;
    this.#wasActive = wasActive;
    this.#every = every;
  }

  start() {
    if (!this.#url || !this.#token) return log("nothing to report to");
    const beat = async () => {
      if ((await this.beat()) === 401) return log("another container has taken over; reports end");
      const wait = Math.max(this.#every, this.#notBefore - performance.now());
      if (this.#timer !== null) this.#timer = setTimeout(beat, wait);
    };
    beat();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Reports once; resolves to the status, or to nothing if there was no answer. */
  async beat() {
    const active = this.#wasActive() || this.#active;
    this.#active = active;
    try {
      const answer = await fetch(this.#url, {
        method: "POST",
        headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
        body: JSON.stringify({ ...(await this.#read()), active }),
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (answer.ok) this.#active = false;
      else log("the report was not taken", { status: answer.status });
      const seconds = Math.min(Number(answer.headers.get("retry-after")) || 0, MOST_SECONDS);
      this.#notBefore = answer.status === 429 ? performance.now() + seconds * 1000 : 0;
      return answer.status;
    } catch (error) {
      log("the report did not arrive", { error: error.name });
      return undefined;
    }
  }
}

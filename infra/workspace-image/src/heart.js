// Reports each half minute what the container uses, and whether it had something to do. A report that fails is not repeated: the
// next one is as good. A 401 means that another container has taken over; reporting ends then.

import { log } from "./log.js";

const EVERY = 30_000;
const TIMEOUT = 10_000;

export class Heart {
  #url;
  #token;
  #read;
  #wasActive;
  #every;
  #timer;

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
      if (this.#timer !== null) this.#timer = setTimeout(beat, this.#every);
    };
    beat();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Reports once; resolves to the status, or to nothing if there was no answer. */
  async beat() {
    const active = this.#wasActive();
    try {
      const answer = await fetch(this.#url, {
        method: "POST",
        headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
        body: JSON.stringify({ ...(await this.#read()), active }),
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (!answer.ok) log("the report was not taken", { status: answer.status });
      return answer.status;
    } catch (error) {
      log("the report did not arrive", { error: error.name });
      return undefined;
    }
  }
}

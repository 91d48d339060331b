// Reports every half minute the container's resource usage, and whether it was active. A failed report is not repeated, because the
// next one replaces it and covers the activity since the last accepted report. A 429 says when the next report is accepted. A 401
// means that another container takes over: reports become rare, and go on if it does not.

import { log } from "./log.js";

const EVERY = 30_000;
const TIMEOUT = 10_000;
// Maximum wait after a 429, because Berth treats a report as current for two minutes only.
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
    if (!this.#url || !this.#token) return log("no URL or token to report with; reports are off");
    const beat = async () => {
      if ((await this.beat()) === 401) this.#notBefore = performance.now() + MOST_SECONDS * 1000;
      const wait = Math.max(this.#every, this.#notBefore - performance.now());
      if (this.#timer !== null) this.#timer = setTimeout(beat, wait);
    };
    beat();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Reports once and resolves to the status, or to undefined if there was no answer. */
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
      else log("the report was refused", { status: answer.status });
      const seconds = Math.min(Number(answer.headers.get("retry-after")) || 0, MOST_SECONDS);
      this.#notBefore = answer.status === 429 ? performance.now() + seconds * 1000 : 0;
      return answer.status;
    } catch (error) {
      log("the report did not arrive", { error: error.name });
      return undefined;
    }
  }
}

// Keeps processes running: a process that ends is started again with increasing delays, which are reset once it has run for a while.
// A stop sends each process SIGTERM, and SIGKILL if it does not end in time. The output of a process with `output` is given to it,
// with null at the end of a stream; any other process has this process's output.

import { fork } from "node:child_process";
import { log } from "./log.js";
import { own, sum } from "./readings.js";

const FIRST_WAIT = 250;
const LONGEST_WAIT = 30_000;
const SETTLED = 60_000;
// ECS gives a container 30 s between SIGTERM and SIGKILL.
const PATIENCE = 25_000;
// Milliseconds that a process may take to report its usage.
const ANSWER = 1_000;

export class Supervisor {
  #specs;
  #environment;
  #patience;
  #firstWait;
  #running = new Map();
  #waits = new Map();
  #stopping = false;
  #active = false;

  constructor(specs, { environment = process.env, patience = PATIENCE, firstWait = FIRST_WAIT } = {}) {
    this.#specs = specs;
    this.#environment = environment;
    this.#patience = patience;
    this.#firstWait = firstWait;
  }

  start() {
    for (const spec of this.#specs) this.#launch(spec, this.#firstWait);
  }

  /** Ids of the running processes, by name. */
  get processes() {
    return new Map([...this.#running].map(([name, child]) => [name, child.pid]));
  }

  /** Returns true if a process was active since the previous call. */
  wasActive() {
    const active = this.#active;
    this.#active = false;
    return active;
  }

  /** Resolves to the usage of all processes including this one. A process that does not answer in time is left out. */
  async usage() {
    const usages = await Promise.all([...this.#running.values()].map((child) => this.#ask(child)));
    return sum([own(), ...usages]);
  }

  #ask(child) {
    return new Promise((resolve) => {
      const answer = (message) => message?.usage && end(message.usage);
      const end = (usage) => {
        clearTimeout(timer);
        child.off("message", answer);
        resolve(usage);
      };
      const timer = setTimeout(() => end({ memory: 0, cpu: 0 }), ANSWER);
      child.on("message", answer);
      child.send({ asked: "usage" }, (error) => error && end({ memory: 0, cpu: 0 }));
    });
  }

  /** Ends all processes and resolves once they have ended. */
  async stop() {
    this.#stopping = true;
    for (const timer of this.#waits.values()) clearTimeout(timer);
    await Promise.all([...this.#running.values()].map((child) => this.#end(child)));
  }

  #launch(spec, wait) {
    const startedAt = Date.now();
    const piped = spec.output ? "pipe" : "inherit";
    const child = fork(spec.script, spec.arguments ?? [], { env: this.#environment, stdio: ["ignore", piped, piped, "ipc"] });
    for (const name of spec.output ? ["stdout", "stderr"] : []) {
      child[name].on("data", (chunk) => spec.output(name, chunk));
      child[name].on("close", () => spec.output(name, null));
    }
    this.#running.set(spec.name, child);
    log("started", { process: spec.name, pid: child.pid });
    child.on("message", (message) => {
      if (message?.active) this.#active = true;
    });
    child.on("error", (error) => log("could not be started", { process: spec.name, error: error.message }));
    child.on("exit", (code, signal) => {
      this.#running.delete(spec.name);
      log("ended", { process: spec.name, code, signal });
      if (this.#stopping) return;
      const ranLong = Date.now() - startedAt >= SETTLED;
      const next = ranLong ? this.#firstWait : Math.min(wait * 2, LONGEST_WAIT);
      this.#waits.set(spec.name, setTimeout(() => this.#launch(spec, next), ranLong ? this.#firstWait : wait));
    });
  }

  #end(child) {
    return new Promise((resolve) => {
      const killer = setTimeout(() => child.kill("SIGKILL"), this.#patience);
      child.once("exit", () => {
        clearTimeout(killer);
        resolve();
      });
      child.kill("SIGTERM");
    });
  }
}

// What keys mean, without a modifier and outside of fields.

import { destinations, type Destination } from "./destinations";

export type Meaning = { kind: "go"; to: Destination } | { kind: "invite" } | { kind: "search" } | { kind: "help" };

/** So long after `g` the next key is part of it, in milliseconds. */
const PATIENCE = 1500;

const single: Record<string, Meaning> = { i: { kind: "invite" }, "/": { kind: "search" }, "?": { kind: "help" } };

/** Keys in the order in which they are pressed; `at` is in milliseconds. */
export function reader(): (key: string, at: number) => Meaning | undefined {
  let led: number | undefined;
  return (key, at) => {
    const isSecond = led !== undefined && at - led <= PATIENCE;
    led = undefined;
    if (isSecond) {
      const to = destinations.find((one) => one.key === key);
      return to && { kind: "go", to };
    }
    if (key === "g") led = at;
    return single[key];
  };
}

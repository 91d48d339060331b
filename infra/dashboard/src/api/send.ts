// A change that a person orders: it is sent once at a time, and under one key until the API has decided on it.

import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { freshKey } from "./client";
import { isFailure } from "./failure";

interface Send<I, O> {
  run: (input: I) => void;
  busy: boolean;
  /** True from the moment at which it is sent, while `busy` waits for the next drawing. */
  isUnderWay: () => boolean;
  error: Error | null;
  data: O | undefined;
  reset: () => void;
}

/** A request that is on its way. */
interface Flight<I> {
  input: I;
  isLeft: boolean;
}

/**
 * `send` gets the key under which its POST goes out. It is the same for a repetition after a failure that passes. `reset` leaves a request
 * that is on its way: another one may begin, and `done` gets `isLeft`, so that a late answer closes nothing that was opened meanwhile.
 */
export function useSend<I, O>(send: (input: I, key: string) => Promise<O>, done?: (output: O, input: I, isLeft: boolean) => unknown): Send<I, O> {
  const sent = useRef<{ key: string; input: string }>(undefined);
  const flying = useRef<Flight<I>>(undefined);
  const { mutateAsync, isPending, error, data, reset } = useMutation({
    mutationFn: async ({ input }: Flight<I>) => {
      const said = JSON.stringify(input) ?? "";
      if (sent.current?.input !== said) sent.current = { key: freshKey(), input: said };
      const { key } = sent.current;
      const forget = () => {
        if (sent.current?.key === key) sent.current = undefined;
      };
      try {
        const output = await send(input, key);
        forget();
        return output;
      } catch (error) {
        if (!isFailure(error) || !error.passes) forget();
        throw error;
      }
    },
    onSuccess: (output, { input, isLeft }) => done?.(output, input, isLeft),
  });
  const run = (input: I) => {
    if (flying.current) return;
    const flight = { input, isLeft: false };
    flying.current = flight;
    mutateAsync(flight)
      .catch(() => undefined)
      .finally(() => {
        if (flying.current === flight) flying.current = undefined;
      });
  };
  const leave = () => {
    if (flying.current) flying.current.isLeft = true;
    flying.current = undefined;
    reset();
  };
  return { run, busy: isPending, isUnderWay: () => flying.current !== undefined, error, data, reset: leave };
}

// A change that a person orders: it is sent once at a time, and under one key until the API has decided on it.

import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { freshKey } from "./client";
import { isFailure } from "./failure";

interface Send<I, O> {
  run: (input: I) => void;
  busy: boolean;
  error: Error | null;
  data: O | undefined;
  reset: () => void;
}

/** `send` gets the key under which its POST goes out. It is the same for a repetition after a failure that passes. */
export function useSend<I, O>(send: (input: I, key: string) => Promise<O>, done?: (output: O, input: I) => unknown): Send<I, O> {
  const sent = useRef<{ key: string; input: string }>(undefined);
  const flying = useRef(false);
  const { mutateAsync, isPending, error, data, reset } = useMutation({
    mutationFn: async (input: I) => {
      const said = JSON.stringify(input) ?? "";
      if (sent.current?.input !== said) sent.current = { key: freshKey(), input: said };
      try {
        const output = await send(input, sent.current.key);
        sent.current = undefined;
        return output;
      } catch (error) {
        if (!isFailure(error) || !error.passes) sent.current = undefined;
        throw error;
      }
    },
    onSuccess: (output, input) => done?.(output, input),
  });
  const run = (input: I) => {
    if (flying.current) return;
    flying.current = true;
    mutateAsync(input)
      .catch(() => undefined)
      .finally(() => (flying.current = false));
  };
  return { run, busy: isPending, error, data, reset };
}

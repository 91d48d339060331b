// A POST that is sent once: a second click while it is under way does nothing, and what is sent again after a failure carries the
// same key.

import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { freshKey } from "./client";

export function useCommand<In, Out>(send: (input: In, key: string) => Promise<Out>, done?: (out: Out, input: In) => void) {
  const last = useRef<{ body: string; key: string }>(undefined);
  const busy = useRef(false);
  const mutation = useMutation({
    mutationFn: async (input: In) => {
      const body = JSON.stringify(input) ?? "";
      if (last.current?.body !== body) last.current = { body, key: freshKey() };
      const out = await send(input, last.current.key);
      last.current = undefined;
      return out;
    },
    onSuccess: (out, input) => done?.(out, input),
    onSettled: () => {
      busy.current = false;
    },
  });
  const run = (input: In) => {
    if (busy.current) return;
    busy.current = true;
    mutation.mutate(input);
  };
  return { run, busy: mutation.isPending, error: mutation.error, data: mutation.data, reset: mutation.reset };
}

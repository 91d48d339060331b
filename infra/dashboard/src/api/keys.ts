// The keys under which POSTs are sent: a repetition has the key of the first attempt, until one has succeeded.

import { useRef } from "react";
import { freshKey } from "./client";

export class Keys {
  private readonly kept = new Map<string, string>();

  of(name: string): string {
    const key = this.kept.get(name) ?? freshKey();
    this.kept.set(name, key);
    return key;
  }

  done(name: string) {
    this.kept.delete(name);
  }
}

export function useKeys(): Keys {
  const keys = useRef<Keys>(null);
  return (keys.current ??= new Keys());
}

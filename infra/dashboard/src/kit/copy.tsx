import { useState } from "react";
import { useText } from "../text";
import { Button } from "./button";

/** Copies a value, and says that it has. */
export function Copy({ value, label }: { value: string; label?: string }) {
  const t = useText();
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <Button small look="quiet" onClick={copy} aria-label={label ? `${t.common.copy}: ${label}` : undefined}>
      <span aria-live="polite">{done ? t.common.copied : t.common.copy}</span>
    </Button>
  );
}

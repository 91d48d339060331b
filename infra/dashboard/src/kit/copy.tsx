import { useState } from "react";
import { useText } from "../text";
import { Button } from "./button";

/** Copies a value, and says that it has, or that the browser refused it. */
export function Copy({ value, label }: { value: string; label?: string }) {
  const t = useText();
  const [said, setSaid] = useState<"copied" | "copyRefused">();
  const say = (said: "copied" | "copyRefused", milliseconds: number) => {
    setSaid(said);
    setTimeout(() => setSaid(undefined), milliseconds);
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      say("copied", 2000);
    } catch {
      say("copyRefused", 5000);
    }
  };
  return (
    <Button small look="quiet" onClick={copy} aria-label={label && !said ? `${t.common.copy}: ${label}` : undefined}>
      <span aria-live="polite">{t.common[said ?? "copy"]}</span>
    </Button>
  );
}

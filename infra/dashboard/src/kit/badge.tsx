import type { ReactNode } from "react";
import { cn } from "./cn";

export type Tone = "plain" | "good" | "warn" | "bad" | "accent";

const tones: Record<Tone, string> = {
  plain: "bg-sunken text-soft",
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  accent: "bg-accent-soft text-accent",
};
// A mark besides the colour, for people who do not see it.
const marks: Record<Tone, string> = { plain: "○", good: "●", warn: "▲", bad: "■", accent: "◆" };

export function Badge({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={cn("inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-medium", tones[tone])}>
      <span aria-hidden="true" className="text-[0.55rem]">
        {marks[tone]}
      </span>
      {children}
    </span>
  );
}

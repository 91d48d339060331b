import type { IntegrationType } from "../../api/integrations/integrations";

// What a type is for, drawn by ourselves: logos belong to their owners.
const shapes = {
  chat: "M3.5 5.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9l-3.5 3v-3a2 2 0 0 1-2-2zM7 7.25h6M7 10h3.5",
  alert: "M5.25 8.5a4.75 4.75 0 0 1 9.5 0c0 4 1.75 5 1.75 5h-13s1.75-1 1.75-5M8.5 16.25a1.6 1.6 0 0 0 3 0",
  chart: "M3.5 3.5v13h13M6.75 12.25l2.75-3.5 2.5 2 3.5-4.75",
  bug: "M7 8a3 3 0 0 1 6 0M6.25 8h7.5v4a3.75 3.75 0 0 1-7.5 0zM6.25 10.5H3.5m13 0h-2.75M6.5 14l-2.25 1.75M13.5 14l2.25 1.75M7.5 5.5 6 4m6.5 1.5L14 4M10 8v7.5",
  branch: "M6 6.75v6.5m0 0a1.75 1.75 0 1 0 0 3.5 1.75 1.75 0 0 0 0-3.5m0-6.5a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5m8 0a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5m0 0V8a2.5 2.5 0 0 1-2.5 2.5h-3A2.5 2.5 0 0 0 6 13",
  hook: "M8.25 10.75 6 14.5m2.25-3.75a3.5 3.5 0 1 1 4.5-4.25M11 7.5l2.25 3.75m0 0a3.25 3.25 0 1 1-2.5 5.5M6 14.5h8m-8 0a2.75 2.75 0 0 1-1.5-4.75",
} as const;

const glyphs: Record<IntegrationType, keyof typeof shapes> = {
  datadog: "chart",
  discord: "chat",
  github: "branch",
  microsoft_teams: "chat",
  pagerduty: "alert",
  sentry: "bug",
  slack: "chat",
  webhook: "hook",
};

export function Glyph({ type }: { type: IntegrationType }) {
  return (
    <span aria-hidden="true" className="grid size-10 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent">
      <svg viewBox="0 0 20 20" className="size-5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round">
        <path d={shapes[glyphs[type]]} />
      </svg>
    </span>
  );
}

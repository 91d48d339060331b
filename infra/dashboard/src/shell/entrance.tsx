// The frame of the sign-in family: the product's mark, one card, languages.

import { useEffect, useRef, type ReactNode } from "react";
import { config } from "../config";
import { Toasts } from "../kit/toasts";
import { languages, setLanguage, useLanguage, type Language } from "../text";
import { Logo } from "./logo";
import { setTitle } from "./notifications/title";

export function Entrance({ title, lead, children, foot }: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const language = useLanguage();
  useEffect(() => {
    setTitle(`${title} · ${config().product}`);
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className="grid min-h-dvh grid-rows-[1fr_auto] justify-items-center px-4">
      <main className="grid w-full max-w-sm content-center gap-6 py-10">
        <Logo />
        <div className="grid gap-5 rounded-2xl border border-line bg-panel p-6 shadow-sm sm:p-8">
          <div>
            <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold tracking-tight [overflow-wrap:anywhere]">
              {title}
            </h1>
            {lead && <p className="mt-1.5 text-soft [overflow-wrap:anywhere]">{lead}</p>}
          </div>
          {children}
        </div>
        {foot && <div className="text-center text-sm text-soft">{foot}</div>}
      </main>
      <nav aria-label="Language" className="flex gap-4 pb-6 text-sm">
        {Object.entries(languages).map(([tag, name]) => (
          <button key={tag} type="button" lang={tag} aria-pressed={tag === language} className="rounded px-1 text-soft underline-offset-4 hover:underline aria-pressed:font-medium aria-pressed:text-ink" onClick={() => void setLanguage(tag as Language)}>
            {name}
          </button>
        ))}
      </nav>
      <Toasts />
    </div>
  );
}

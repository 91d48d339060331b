// How programs use a key, in four languages.

import { useId, useState, type KeyboardEvent } from "react";
import type { KeyScope } from "../../../api/keys/types";
import { useCatalogue } from "../../../api/queries/catalogue";
import { config } from "../../../config";
import { cn } from "../../../kit/cn";
import { Copy } from "../../../kit/copy";
import { useKeysText } from "../words";
import { callFor, LANGUAGES, NAMES, snippet, type Language } from "./snippets";

/** The meter that the example consumes while the catalogue is not known. */
const METER = "executions";

export function Snippets({ scopes }: { scopes: readonly KeyScope[] }) {
  const { secret: text } = useKeysText();
  const id = useId();
  const [shown, setShown] = useState<Language>("curl");
  const meters = useCatalogue(scopes.includes("usage:write")).meters.filter(({ consumed }) => consumed);
  const meter = (meters.find(({ monthly }) => monthly) ?? meters[0])?.meter ?? METER;
  const call = callFor(scopes, meter);
  if (!call) return null;
  const code = snippet(shown, config().api, call);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = LANGUAGES[(LANGUAGES.indexOf(shown) + step + LANGUAGES.length) % LANGUAGES.length] ?? shown;
    setShown(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <section aria-labelledby={id} className="grid grid-cols-1 gap-2">
      <div>
        <h3 id={id} className="text-sm font-medium">
          {text.use}
        </h3>
        <p className="text-sm text-soft">{text.useLead}</p>
      </div>
      <div className="overflow-hidden rounded-lg border border-line">
        <div className="flex items-center justify-between gap-x-1 border-b border-line bg-sunken px-1">
          <div role="tablist" aria-label={text.use} dir="ltr" className="flex min-w-0 overflow-x-auto" onKeyDown={move}>
            {LANGUAGES.map((language) => (
              <button
                key={language}
                type="button"
                role="tab"
                id={`${id}-${language}`}
                aria-selected={language === shown}
                aria-controls={`${id}-code`}
                tabIndex={language === shown ? 0 : -1}
                onClick={() => setShown(language)}
                className={cn("min-h-9 border-b-2 px-2 text-sm sm:px-3 font-medium -outline-offset-2", language === shown ? "border-accent text-ink" : "border-transparent text-soft hover:text-ink")}
              >
                {NAMES[language]}
              </button>
            ))}
          </div>
          <Copy value={code} label={NAMES[shown]} />
        </div>
        <pre id={`${id}-code`} role="tabpanel" aria-labelledby={`${id}-${shown}`} tabIndex={0} dir="ltr" className="max-h-72 overflow-auto p-3 font-mono text-xs leading-5 -outline-offset-2">
          {code}
        </pre>
      </div>
    </section>
  );
}

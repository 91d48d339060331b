// A search in a long list of workspaces, in the address.

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Button } from "../../kit/button";
import { Empty } from "../../kit/empty";
import { Field } from "../../kit/field";
import { useText } from "../../text";

export function Find({ q, found, all, isReading }: { q: string; found: number; all: number; isReading: boolean }) {
  const t = useText();
  const navigate = useNavigate({ from: "/workspaces" });
  const set = (q: string) => void navigate({ search: (before) => ({ ...before, q: q || undefined }), replace: true, resetScroll: false });
  // What is typed stays as it is typed; the address follows it.
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped((now) => (now.trim() === q ? now : q)), [q]);
  const isAsked = q !== "";
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div role="search" className="min-w-0 flex-1 basis-60 sm:max-w-sm">
          <Field
            label={t.workspaces.find}
            bare
            type="search"
            placeholder={t.workspaces.findHint}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={({ target }) => {
              setTyped(target.value);
              set(target.value.trim());
            }}
          />
        </div>
        <p role="status" className="text-sm text-soft">
          {isReading ? t.workspaces.reading : isAsked ? t.team.shown(found, all) : ""}
        </p>
      </div>
      {isAsked && found === 0 && !isReading && (
        <Empty title={t.workspaces.noMatch} action={<Button small onClick={() => set("")}>{t.workspaces.findAll}</Button>}>
          {t.workspaces.noMatchLead}
        </Empty>
      )}
    </>
  );
}

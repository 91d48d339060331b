// Permissions as a table: areas, and what of each is allowed.

import { useId, type ReactNode } from "react";
import type { KeyScope } from "../../api/keys/types";
import { useKeysText } from "./words";
import { AREAS, scopeOf, type Scopes } from "./scopes";

export function ScopeTable({ lead, scopes, why, error, onChange, children }: {
  lead: string;
  scopes: Scopes;
  /** Why a permission cannot be chosen. */
  why: (scope: KeyScope) => string | undefined;
  error: string | undefined;
  onChange: (scopes: Scopes) => void;
  /** Above the table. */
  children?: ReactNode;
}) {
  const { form: text, areas } = useKeysText();
  const id = useId();
  const toggle = (scope: KeyScope) => {
    const next = new Set(scopes);
    if (!next.delete(scope)) next.add(scope);
    onChange(next);
  };
  const cell = (scope: KeyScope | undefined, label: string) => (
    <td className="w-14 text-center sm:w-20">
      {scope ? (
        <Box id={`${id}-${scope}`} label={label} isOn={scopes.has(scope)} why={why(scope)} onToggle={() => toggle(scope)} />
      ) : (
        <>
          <span aria-hidden="true" className="text-soft">
            –
          </span>
          <span className="sr-only">{text.no}</span>
        </>
      )}
    </td>
  );
  return (
    <fieldset aria-describedby={error ? `${id}-error` : `${id}-lead`} className="grid min-w-0 grid-cols-1 gap-2">
      <legend className="mb-1.5 text-sm font-medium">{text.scopes}</legend>
      {children}
      <div className={error ? "overflow-hidden rounded-lg border border-bad" : "overflow-hidden rounded-lg border border-control"}>
        <table className="w-full text-sm">
          <caption className="sr-only">{text.scopes}</caption>
          <thead className="bg-sunken text-soft">
            <tr>
              <th scope="col" className="px-3 py-1.5 text-start font-medium">
                {text.area}
              </th>
              <th scope="col" className="py-1.5 font-medium">
                {text.read}
              </th>
              <th scope="col" className="py-1.5 font-medium">
                {text.write}
              </th>
            </tr>
          </thead>
          <tbody>
            {AREAS.map((area) => (
              <tr key={area} className="border-t border-line">
                <th scope="row" className="px-3 py-1.5 text-start font-normal">
                  <span className="font-medium">{areas[area].name}</span>
                  <span className="block text-soft sm:ms-2 sm:inline">{areas[area].about}</span>
                </th>
                {cell(scopeOf(area, "read"), text.readOf(areas[area].name))}
                {cell(scopeOf(area, "write"), text.writeOf(areas[area].name))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {error ? (
        <p id={`${id}-error`} className="text-sm text-bad">
          {error}
        </p>
      ) : (
        <p id={`${id}-lead`} className="text-sm text-soft">
          {lead}
        </p>
      )}
    </fieldset>
  );
}

function Box({ id, label, isOn, why, onToggle }: { id: string; label: string; isOn: boolean; why: string | undefined; onToggle: () => void }) {
  return (
    <span title={why} className="inline-block">
      <label className={why ? "grid h-9 w-12 cursor-not-allowed place-items-center opacity-50" : "grid h-9 w-12 cursor-pointer place-items-center"}>
        <span className="sr-only">{label}</span>
        <input
          type="checkbox"
          checked={isOn}
          aria-disabled={why ? true : undefined}
          aria-describedby={why ? id : undefined}
          onChange={() => !why && onToggle()}
          className="size-4 accent-accent"
        />
      </label>
      {why && (
        <span id={id} className="sr-only">
          {why}
        </span>
      )}
    </span>
  );
}

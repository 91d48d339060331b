// A key in the list: what it may do, who made it, when it was used, when it ends, and what can be done with it.

import { useQuery } from "@tanstack/react-query";
import type { ApiKey, KeyState } from "../../api/keys/types";
import { useCatalogue } from "../../api/queries/catalogue";
import { meQuery } from "../../api/queries/me";
import { Name } from "../../kit/avatar";
import { Badge, type Tone } from "../../kit/badge";
import { Button } from "../../kit/button";
import { cn } from "../../kit/cn";
import { Time } from "../../kit/time";
import { useAccess } from "../../shell/access";
import { useRole } from "../../shell/role";
import { useText } from "../../text";
import { isolated, list, number } from "../../text/format";
import type { Task } from "./dialogs";
import { useKeysText } from "./words";

const tones: Record<KeyState, Tone> = { active: "good", expiring: "warn", expired: "bad" };

/** Why the person may not rotate a key: nobody gets the secret of another person's key. */
function useWhyNotRotated(workspace: string, key: ApiKey, maker: string): string | undefined {
  const t = useText();
  const text = useKeysText();
  const role = useRole(workspace);
  const { data: me } = useQuery(meQuery);
  const why = useAccess(workspace)("manage_keys");
  if (why) return why;
  if (key.service) return role === undefined || role === "owner" ? undefined : t.team.rank(t.roles.owner);
  return me === undefined || me.id === key.created_by ? undefined : text.onlyMaker(isolated(maker));
}

export function KeyRow({ workspace, apiKey: key, maker, zone, onTask }: {
  workspace: string;
  apiKey: ApiKey;
  /** The name; nothing until it is known. */
  maker: string | undefined;
  zone: string;
  onTask: (task: Task) => void;
}) {
  const text = useKeysText();
  const may = useAccess(workspace);
  const whyNotRotated = useWhyNotRotated(workspace, key, maker ?? text.former);
  const { name, state, service } = key;
  const isOver = state === "expired";
  const label = isolated(name);
  return (
    <li className="grid items-start gap-x-6 gap-y-2.5 px-4 py-4 sm:px-5 md:grid-cols-[minmax(0,1fr)_14rem] lg:grid-cols-[minmax(0,1fr)_14rem_auto]">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className={cn("line-clamp-2 min-w-0 font-medium", isOver && "text-soft")}>
            <Name>{name}</Name>
          </span>
          {state !== "active" && <Badge tone={tones[state]}>{text.states[state]}</Badge>}
          {service && <Badge tone="accent">{text.service}</Badge>}
        </p>
        <p className="mt-0.5 line-clamp-2 text-sm text-soft">
          <span className="sr-only">{text.endsWith} </span>
          <code className="font-mono text-xs">
            <span aria-hidden="true">…</span>
            {key.hint}
          </code>
          {maker && <> · {text.by(isolated(maker))}</>}
        </p>
        <ul aria-label={text.scopes} className="mt-2 flex flex-wrap gap-1.5">
          {key.scopes.map((scope) => (
            <li key={scope} title={text.scopeNames[scope]} className="rounded-md bg-sunken px-2 py-0.5 font-mono text-xs leading-5 text-soft">
              {scope}
            </li>
          ))}
        </ul>
      </div>
      <div className="text-sm text-soft [overflow-wrap:anywhere]">
        <Use apiKey={key} zone={zone} />
        <End apiKey={key} zone={zone} />
      </div>
      <div className="flex flex-wrap items-center gap-1 max-lg:order-last md:max-lg:col-span-2 lg:justify-end">
        <Button small why={whyNotRotated} aria-label={text.rotateLabel(label)} onClick={() => onTask({ kind: "rotate", key })}>
          {text.rotate}
        </Button>
        <Button small look="quiet" why={may("manage_keys")} aria-label={text.editLabel(label)} onClick={() => onTask({ kind: "edit", key })}>
          {text.edit}
        </Button>
        <Button small look="quiet" why={may("revoke_key")} aria-label={text.revokeLabel(label)} onClick={() => onTask({ kind: "revoke", key })}>
          {text.revoke}
        </Button>
      </div>
      <div className="grid min-w-0 gap-1 text-sm text-soft empty:hidden md:max-lg:col-span-2 lg:col-span-3">
        <Limits apiKey={key} zone={zone} />
      </div>
    </li>
  );
}

function Use({ apiKey: { last_used_at, last_address }, zone }: { apiKey: ApiKey; zone: string }) {
  const text = useKeysText();
  if (!last_used_at) return <p>{text.never}</p>;
  return (
    <p>
      {text.used} <Time at={last_used_at} zone={zone} format="relative" />
      {last_address && (
        <>
          {" "}
          {text.from} <bdi>{last_address}</bdi>
        </>
      )}
    </p>
  );
}

function End({ apiKey: { state, expires_at }, zone }: { apiKey: ApiKey; zone: string }) {
  const text = useKeysText();
  if (state === "active") {
    return (
      <p>
        {text.expiresOn} <Time at={expires_at} zone={zone} format="day" />
      </p>
    );
  }
  return (
    <p className={state === "expiring" ? "text-warn" : "text-bad"}>
      {state === "expired" ? text.expiredAt : text.expires} <Time at={expires_at} zone={zone} format="relative" />
    </p>
  );
}

/** What narrows it, and what is to be known of it. */
function Limits({ apiKey: { state, networks, budgets, previous_until }, zone }: { apiKey: ApiKey; zone: string }) {
  const text = useKeysText();
  const limited = Object.entries(budgets);
  const catalogue = useCatalogue(limited.length > 0);
  const said = [
    ...(networks.length > 0 ? [text.only(list(networks.map(isolated)))] : []),
    ...limited.map(([meter, most]) => text.budget(catalogue.meter(meter), number(most ?? 0))),
  ];
  return (
    <>
      {said.length > 0 && <p className="[overflow-wrap:anywhere]">{said.join(" ")}</p>}
      {previous_until && (
        <p>
          {text.previous} <Time at={previous_until} zone={zone} />.
        </p>
      )}
      {state === "expired" && <p className="text-bad">{text.expiredNote}</p>}
    </>
  );
}

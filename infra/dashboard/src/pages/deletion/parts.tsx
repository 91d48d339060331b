import { confirmed, PARTS, type Part, type Receipt } from "../../api/deletions/receipt";
import { Badge, type Tone } from "../../kit/badge";
import { Card } from "../../kit/card";
import { cn } from "../../kit/cn";
import { Spinner } from "../../kit/spinner";
import { Time } from "../../kit/time";
import { ownZone } from "../../shell/zone";
import { usePageText } from "../../text";
import { deletion } from "../../text/en/pages/deletion";

type State = keyof typeof deletion.state;

const tones: Record<State, Tone> = { pending: "accent", waiting: "plain", confirmed: "good" };

/** The last part begins when the others are confirmed. */
function stateOf(receipt: Receipt, part: Part): State {
  if (receipt[part].status === "confirmed") return "confirmed";
  return part === "members" && confirmed(receipt) < PARTS.length - 1 ? "waiting" : "pending";
}

export function Parts({ receipt }: { receipt: Receipt }) {
  const text = usePageText("deletion", deletion);
  const count = confirmed(receipt);
  return (
    <Card title={text.parts} lead={<span role="status">{text.confirmed(count, PARTS.length)}</span>}>
      <div aria-hidden="true" className="mb-5 grid grid-cols-4 gap-1 print:hidden">
        {PARTS.map((part, place) => (
          <span key={part} className={cn("h-1.5 rounded-full transition-colors", place < count ? "bg-good" : "bg-sunken")} />
        ))}
      </div>
      <ol className="-my-4 divide-y divide-line">
        {PARTS.map((part) => (
          <Line key={part} receipt={receipt} part={part} />
        ))}
      </ol>
    </Card>
  );
}

function Line({ receipt, part }: { receipt: Receipt; part: Part }) {
  const text = usePageText("deletion", deletion);
  const state = stateOf(receipt, part);
  const at = receipt[part].confirmed_at;
  return (
    <li className="flex items-start gap-4 py-4">
      <Mark state={state} />
      <div className="flex min-w-0 flex-1 flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="font-medium">{text.part[part].title}</h3>
          <p className="text-sm text-soft">{text.part[part].lead}</p>
        </div>
        <div className="grid justify-items-start gap-1 sm:justify-items-end">
          <Badge tone={tones[state]}>{text.state[state]}</Badge>
          {at && (
            <span className="text-sm text-soft">
              <Time at={at} zone={ownZone()} />
            </span>
          )}
        </div>
      </div>
    </li>
  );
}

function Mark({ state }: { state: State }) {
  return (
    <span aria-hidden="true" className={cn("grid size-8 shrink-0 place-items-center rounded-full print:hidden", state === "confirmed" ? "bg-good-soft text-good" : state === "pending" ? "bg-accent-soft text-accent" : "bg-sunken text-soft")}>
      {state === "pending" ? (
        <Spinner />
      ) : (
        <svg viewBox="0 0 16 16" className="size-4" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round">
          {state === "confirmed" ? <path d="m3.5 8.5 3 3 6-7" /> : <path d="M8 4.5V8l2.25 1.75M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0Z" />}
        </svg>
      )}
    </span>
  );
}

import { retryDelivery } from "../../../api/integrations/deliveries";
import type { IntegrationType } from "../../../api/integrations/integrations";
import type { Delivery } from "../../../api/integrations/pages";
import { isFailure } from "../../../api/failure";
import { useSend } from "../../../api/send";
import { Badge, type Tone } from "../../../kit/badge";
import { Button } from "../../../kit/button";
import { LimitReached } from "../../../kit/limit";
import { Time } from "../../../kit/time";
import { toast } from "../../../kit/toasts";
import { moment, number } from "../../../text/format";
import { useIntegrationsText } from "../words";
import { useDeliveriesText } from "./words";

const tones: Record<Delivery["state"], Tone> = { pending: "accent", delivered: "good", failed: "bad" };

export function Row({ workspace, type, delivery, zone, why }: {
  workspace: string;
  type: IntegrationType;
  delivery: Delivery;
  zone: string;
  /** Why it cannot be sent again. */
  why: string | undefined;
}) {
  const text = useDeliveriesText();
  const { names } = useIntegrationsText().events;
  const { id, event, event_id, created_at, attempts, latency_ms } = delivery;
  const { run, busy, error } = useSend(
    (_: "retry", key) => retryDelivery(workspace, type, id, key),
    () => toast(text.retried),
  );
  const result = <Result delivery={delivery} zone={zone} />;
  return (
    <>
      <tr className="border-t border-line align-top">
        <th scope="row" className="px-4 py-3 text-start font-normal sm:px-5">
          <p className="font-medium">{names[event]}</p>
          <p className="mt-0.5 text-soft">
            <Time at={created_at} zone={zone} />
          </p>
          <p className="mt-0.5 hidden font-mono text-xs break-all text-soft lg:block">{event_id}</p>
          <p className="mt-0.5 text-soft md:hidden">
            {text.attemptsOf(attempts)}
            {latency_ms != null && <> · {text.milliseconds(latency_ms)}</>}
          </p>
          <div className="mt-1.5 sm:hidden">{result}</div>
        </th>
        <td className="hidden py-3 pe-4 sm:table-cell">{result}</td>
        <td className="hidden py-3 pe-4 text-end md:table-cell">{number(attempts)}</td>
        <td className="hidden py-3 pe-4 text-end whitespace-nowrap md:table-cell">{latency_ms == null ? "–" : text.milliseconds(latency_ms)}</td>
        <td className="py-2 pe-3 text-end sm:pe-4">
          <Button small why={why} busy={busy} aria-label={text.retryOf(names[event], moment(created_at, zone))} onClick={() => run("retry")}>
            {text.retry}
          </Button>
        </td>
      </tr>
      {error && (
        <tr>
          <td colSpan={5} className="px-4 pb-3 sm:px-5">
            <LimitReached workspace={workspace} error={error} retry={isFailure(error) && error.passes ? () => run("retry") : undefined} />
          </td>
        </tr>
      )}
    </>
  );
}

/** The state, what the receiver answered, and when the next attempt is. */
function Result({ delivery, zone }: { delivery: Delivery; zone: string }) {
  const text = useDeliveriesText();
  const { state, status, class: failure, next_attempt_at } = delivery;
  const said = status ?? (failure && text.classes[failure]);
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Badge tone={tones[state]}>{text.states[state]}</Badge>
        {said != null && <span className={failure ? "text-bad" : "text-soft"}>{said}</span>}
      </p>
      {state === "pending" && (
        <p className="mt-1 text-soft">
          {next_attempt_at == null ? (
            text.running
          ) : (
            <>
              {text.next} <Time at={next_attempt_at} zone={zone} format="relative" />
            </>
          )}
        </p>
      )}
    </>
  );
}

// How an integration is, why it was disabled, and what can be done about it: test it, and enable it again.

import { lazy, Suspense, type ReactNode } from "react";
import { enable, sendTest, type Integration } from "../../api/integrations/integrations";
import { isFailure } from "../../api/failure";
import { useSend } from "../../api/send";
import { Name } from "../../kit/avatar";
import { Button } from "../../kit/button";
import { LimitReached } from "../../kit/limit";
import { Notice } from "../../kit/notice";
import { Time } from "../../kit/time";
import { toast } from "../../kit/toasts";
import { useAccess } from "../../shell/access";
import { number } from "../../text/format";
import { HealthBadge, Message } from "./badge";
import { Glyph } from "./glyph";
import { healthOf, isSetUp } from "./health";
import { useIntegrationsText } from "./words";

const Result = lazy(async () => ({ default: (await import("./below")).Result }));

export function Standing({ workspace, integration, zone, isDirty }: {
  workspace: string;
  integration: Integration;
  zone: string;
  /** The form has changes that are not saved. */
  isDirty: boolean;
}) {
  const text = useIntegrationsText();
  const { integration_type: type, integration_name: name, last_sync_at, last_error_at, last_health_check_at, stats } = integration;
  const health = healthOf(integration);
  const forbidden = useAccess(workspace)("manage_integrations");
  const test = useSend((_: "test", key) => sendTest(workspace, type, key));
  const result = test.busy ? undefined : test.data;
  const why = forbidden ?? (!isSetUp(integration) ? text.test.secretFirst : isDirty ? text.test.saveFirst : undefined);
  return (
    <section aria-labelledby="standing" className="grid grid-cols-1 gap-4 rounded-xl border border-line bg-panel p-5">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <div className="flex min-w-0 flex-1 basis-64 items-center gap-3">
          <Glyph type={type} />
          <div className="min-w-0">
            <h2 id="standing" className="line-clamp-3 text-lg leading-snug font-semibold">
              <Name>{name}</Name>
            </h2>
            <span aria-live="polite" className="mt-1 flex">
              <HealthBadge health={health} />
            </span>
          </div>
        </div>
        <Button why={why} busy={test.busy} onClick={() => test.run("test")}>
          {text.test.action}
        </Button>
      </div>
      {test.error && <LimitReached workspace={workspace} error={test.error} retry={isFailure(test.error) && test.error.passes ? () => test.run("test") : undefined} />}
      {result && (
        <Suspense>
          <Result result={result} />
        </Suspense>
      )}
      {(health !== "failing" || !result) && <Trouble workspace={workspace} integration={integration} zone={zone} forbidden={forbidden} />}
      <dl className="grid gap-x-6 gap-y-3 border-t border-line pt-4 text-sm grid-cols-2 sm:grid-cols-3 lg:grid-cols-5">
        <Fact name={text.delivered}>{last_sync_at ? <Time at={last_sync_at} zone={zone} format="relative" /> : text.nothingSent}</Fact>
        <Fact name={text.tested}>{last_health_check_at ? <Time at={last_health_check_at} zone={zone} format="relative" /> : "–"}</Fact>
        <Fact name={text.failed}>{last_error_at ? <Time at={last_error_at} zone={zone} format="relative" /> : "–"}</Fact>
        <Fact name={text.total}>{number(stats.total_events_sent)}</Fact>
        <Fact name={text.failures}>{number(stats.total_errors)}</Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-soft">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

/** What keeps events from arriving. */
function Trouble({ workspace, integration, zone, forbidden }: {
  workspace: string;
  integration: Integration;
  zone: string;
  forbidden: string | undefined;
}) {
  const { standing: text, brands } = useIntegrationsText();
  const { integration_type: type, last_error_message: failure, health_status, disabled_cause, disabled_at } = integration;
  const health = healthOf(integration);
  const { run, busy, error } = useSend(
    (_: "enable", key) => enable(workspace, type, key),
    () => toast(text.enabled(brands[type])),
  );
  if (health === "removed") return <Notice title={text.removed}>{text.removedLead}</Notice>;
  if (health === "failing") {
    return (
      <Notice tone="bad" title={text.failing}>
        <div className="mt-1 grid gap-1.5">
          {failure && <Message>{failure}</Message>}
          <p>{text.failingSteps}</p>
        </div>
      </Notice>
    );
  }
  if (health !== "disabled") return null;
  return (
    <>
      <Notice
        tone="warn"
        title={text.disabled}
        actions={
          <Button look="primary" why={forbidden} busy={busy} onClick={() => run("enable")}>
            {text.enable}
          </Button>
        }
      >
        <div className="mt-1 grid gap-1.5">
          <p>
            {disabled_cause && text.cause[disabled_cause]}
            {disabled_at && (
              <>
                {" "}
                {text.since} <Time at={disabled_at} zone={zone} />.
              </>
            )}
          </p>
          {health_status === "failing" && failure && <Message>{failure}</Message>}
          <p>{text.steps}</p>
        </div>
      </Notice>
      {error && <LimitReached workspace={workspace} error={error} retry={isFailure(error) && error.passes ? () => run("enable") : undefined} />}
    </>
  );
}

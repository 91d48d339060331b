// One integration in the list: what it does, how it is, and the way to its page.

import { Link } from "@tanstack/react-router";
import type { Integration } from "../../../api/integrations/integrations";
import { Name } from "../../../kit/avatar";
import { Time } from "../../../kit/time";
import { HealthBadge, Message } from "../badge";
import { Glyph } from "../glyph";
import { healthOf } from "../health";
import { useIntegrationsText } from "../words";

export function IntegrationCard({ workspace, integration, zone }: { workspace: string; integration: Integration; zone: string }) {
  const text = useIntegrationsText();
  const { integration_type: type, integration_name: name, last_error_message: failure, last_error_at, last_sync_at, disabled_cause, disabled_at, stats } = integration;
  const health = healthOf(integration);
  const brand = text.brands[type];
  return (
    <li className="relative grid content-start gap-3 rounded-xl border border-line bg-panel p-5 hover:border-accent">
      <div className="flex items-center gap-3">
        <Glyph type={type} />
        <div className="min-w-0 flex-1">
          <h3 className="font-semibold">
            <Link to="/w/$ws/settings/integrations/$type" params={{ ws: workspace, type }} className="rounded-lg after:absolute after:inset-0 after:rounded-xl">
              {brand}
            </Link>
          </h3>
          {health === "unset" && <p className="text-sm text-soft">{text.about[type]}</p>}
          {health !== "unset" && name !== brand && (
            <p className="line-clamp-2 text-sm text-soft">
              <Name>{name}</Name>
            </p>
          )}
        </div>
        {health !== "unset" && <HealthBadge health={health} />}
      </div>
      {health === "removed" && <p className="text-sm text-soft">{text.standing.removedLead}</p>}
      {disabled_cause && <p className="text-sm">{text.standing.cause[disabled_cause]}</p>}
      {health === "failing" && failure && <Message>{failure}</Message>}
      {(health === "connected" || health === "untested") && !last_sync_at && <p className="text-sm text-soft">{text.nothingSent}</p>}
      <p className="text-sm text-soft empty:hidden">
        {disabled_at ? (
          <>
            {text.standing.since} <Time at={disabled_at} zone={zone} format="relative" />
          </>
        ) : health === "failing" && last_error_at ? (
          <>
            {text.failed}: <Time at={last_error_at} zone={zone} format="relative" />
          </>
        ) : (
          health === "connected" &&
          last_sync_at && (
            <>
              {text.delivered}: <Time at={last_sync_at} zone={zone} format="relative" /> · {text.sent(stats.total_events_sent)}
            </>
          )
        )}
      </p>
    </li>
  );
}

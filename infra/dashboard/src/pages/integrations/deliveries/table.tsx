import { memo, useMemo } from "react";
import type { Integration } from "../../../api/integrations/integrations";
import { isRunning, type Deliveries, type Delivery, type DeliveryPage } from "../../../api/integrations/pages";
import { useAccess } from "../../../shell/access";
import { Row } from "./row";
import { useDeliveriesText } from "./words";

export function Table({ workspace, integration, list, zone }: { workspace: string; integration: Integration; list: Deliveries; zone: string }) {
  const text = useDeliveriesText();
  const forbidden = useAccess(workspace)("manage_integrations");
  const { is_enabled, events } = integration;
  // Pages compare it, and integrations are read again and again.
  const key = events.join();
  const whyNot = useMemo(
    () => (delivery: Delivery) =>
      forbidden ?? (!is_enabled ? text.why.disabled : !key.split(",").includes(delivery.event) ? text.why.unselected : isRunning(delivery) ? text.why.running : undefined),
    [forbidden, is_enabled, key, text],
  );
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-panel">
      <table className="w-full text-sm">
        <caption className="sr-only">{text.title}</caption>
        <thead className="text-soft">
          <tr>
            <th scope="col" className="px-4 py-2.5 text-start font-medium sm:px-5">{text.event}</th>
            <th scope="col" className="hidden py-2.5 pe-4 text-start font-medium sm:table-cell">{text.result}</th>
            <th scope="col" className="hidden py-2.5 pe-4 text-end font-medium md:table-cell">{text.attempts}</th>
            <th scope="col" className="hidden py-2.5 pe-4 text-end font-medium md:table-cell">{text.latency}</th>
            <th scope="col" className="w-px">
              <span className="sr-only">{text.act}</span>
            </th>
          </tr>
        </thead>
        {list.pages.map((page, place) => (
          <Rows key={String(list.pageParams[place])} {...{ workspace, page, zone, whyNot }} type={integration.integration_type} />
        ))}
      </table>
    </div>
  );
}

/** A page is drawn again only if something on it has changed. */
const Rows = memo(function Rows({ workspace, type, page, zone, whyNot }: {
  workspace: string;
  type: Integration["integration_type"];
  page: DeliveryPage;
  zone: string;
  whyNot: (delivery: Delivery) => string | undefined;
}) {
  return (
    <tbody>
      {page.deliveries.map((delivery) => (
        <Row key={delivery.id} {...{ workspace, type, delivery, zone }} why={whyNot(delivery)} />
      ))}
    </tbody>
  );
});

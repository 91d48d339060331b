// The add-ons that are sold or held: more of one meter each, in addition to the plan.

import { useOffers } from "../../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { offersQuery, type Interval, type Subscription } from "../../api/queries/billing";
import { Button } from "../../kit/button";
import { useAccess } from "../../shell/access";
import { useText } from "../../text";
import { day, list, money } from "../../text/format";
import { ChangeAddon } from "./addon";
import { counted } from "./parts";
import { addonRefusal, addonRows, type AddonRow } from "./facts";

/** The section is missing if no add-on is offered to the workspace or held by it. */
export function Addons({ ws, zone, paid, interval, currency }: {
  ws: string;
  zone: string;
  paid: Subscription;
  interval: Interval;
  currency: string | undefined;
}) {
  const t = useText();
  const catalogue = useOffers(ws);
  const { data } = useQuery(offersQuery(ws));
  const [chosen, setChosen] = useState<AddonRow>();
  const rows = data ? addonRows(data.addons, paid, interval, currency) : [];
  if (rows.length === 0) return null;
  const refusal = addonRefusal(paid, catalogue.isContract(paid.plan));
  const why = refusal && { ...t.billing.addons.why, wait: t.billing.waitWhy, due: t.common.pastDue }[refusal];
  return (
    <section aria-labelledby="addons" className="grid min-w-0 grid-cols-1 gap-4">
      <div>
        <h2 id="addons" className="text-lg font-semibold">
          {t.billing.addons.title}
        </h2>
        <p className="mt-0.5 text-sm text-soft">{why ?? t.billing.addons.lead}</p>
      </div>
      <ul className="divide-y divide-line rounded-xl border border-line bg-panel">
        {rows.map((row) => (
          <Row key={row.addon} {...{ ws, zone, paid, interval, row, why }} onChange={() => setChosen(row)} />
        ))}
      </ul>
      <ChangeAddon ws={ws} zone={zone} interval={interval} row={chosen} onClose={() => setChosen(undefined)} />
    </section>
  );
}

function Row({ ws, zone, paid, interval, row, why, onChange }: {
  ws: string;
  zone: string;
  paid: Subscription;
  interval: Interval;
  row: AddonRow;
  why: string | undefined;
  onChange: () => void;
}) {
  const t = useText();
  const catalogue = useOffers(ws);
  const may = useAccess(ws);
  const { meter, prices, description, sold, limited, quantity, scheduled, waiting, most } = row;
  const title = catalogue.addon(row.addon);
  const price = list(prices.map((one) => t.billing.per[interval](t.billing.addons.eachUnit(money(one.amount, one.currency)))), "disjunction");
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-8 gap-y-4 p-5">
      <div className="min-w-0 flex-1 basis-72">
        <h3 className="font-semibold wrap-anywhere">{title}</h3>
        {description && <p className="mt-0.5 text-sm break-words text-soft">{description}</p>}
        <p className="mt-1 text-sm break-words text-soft">{limited ? t.billing.addons.raises(catalogue.meter(meter), counted(meter, row.amount)) : t.billing.addons.noEffect}</p>
        {!sold && <p className="mt-1 text-sm break-words text-soft">{t.billing.addons.notSold}</p>}
        <p className="mt-1 font-medium tabular-nums empty:hidden">{price || (most === 0 && t.billing.notAt[interval])}</p>
      </div>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <div className="text-sm sm:text-end">
          <p className="font-medium">{t.billing.addons.have(quantity)}</p>
          {waiting !== undefined && <p className="text-soft">{t.billing.addons.oncePaid(waiting)}</p>}
          {scheduled !== undefined && scheduled !== quantity && paid.current_period_end && <p className="text-soft">{t.billing.addons.from(scheduled, day(paid.current_period_end, zone))}</p>}
        </div>
        <Button why={may("preview_plan") ?? why ?? (most === 0 ? t.billing.notAt[interval] : undefined)} onClick={onChange}>
          {t.billing.addons.open}
          <span className="sr-only"> {title}</span>
        </Button>
      </div>
    </li>
  );
}

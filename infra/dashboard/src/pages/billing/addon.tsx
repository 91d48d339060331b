// The dialog that changes the number of units of an add-on: its cost, its time and the limits that would be exceeded, before the click.

import { useOffers } from "../../api/queries/catalogue";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useSend } from "../../api/send";
import { addonPreviewQuery, changeAddon, type Interval } from "../../api/queries/billing";
import type { Schemas } from "../../api/types";
import { Button } from "../../kit/button";
import { Dialog } from "../../kit/dialog";
import { Field } from "../../kit/field";
import { Skeleton } from "../../kit/skeleton";
import { useText } from "../../text";
import { day, money } from "../../text/format";
import { unitsOf, type AddonRow } from "./facts";
import { Cost, OrderForm, OverLimits, Previewed, useOrderable, useOutcome } from "./order";

/** Milliseconds without typing after which a preview is read. */
const PAUSE = 400;

/** `row` is the add-on as it was when the dialog opened, so that its words stay while the page is read again. */
export function ChangeAddon({ ws, zone, interval, row, onClose }: { ws: string; zone: string; interval: Interval; row: AddonRow | undefined; onClose: () => void }) {
  const t = useText();
  const catalogue = useOffers(ws);
  return (
    <Dialog open={row !== undefined} onClose={onClose} title={row ? t.billing.addons.change(catalogue.addon(row.addon)) : ""}>
      {row && <Order {...{ ws, zone, interval, row, onClose }} />}
    </Dialog>
  );
}

function Order({ ws, zone, interval, row, onClose }: { ws: string; zone: string; interval: Interval; row: AddonRow; onClose: () => void }) {
  const t = useText();
  const name = useOffers(ws).addon(row.addon);
  const orderable = useOrderable(ws);
  // The number that applies next without an order. A workspace that has none begins with one unit.
  const next = row.waiting ?? row.scheduled ?? row.quantity;
  const [typed, setTyped] = useState(String(row.quantity === 0 && next === 0 ? 1 : next));
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  const units = unitsOf(typed, row.most);
  // That number is no order. A pending one can be ordered again: the answer has the page on which it is paid.
  const same = units === next && row.waiting === undefined;
  const wanted = same ? undefined : units;
  const query = useQuery({ ...addonPreviewQuery(ws, row.addon, wanted ?? 0), enabled: wanted !== undefined && typed === settled });
  const outcome = useOutcome(zone, onClose);
  const order = useSend(async (quantity: number): Promise<void> => {
    outcome.follow(await changeAddon(ws, { name: row.addon, quantity }), {
      applied: t.billing.addons.of(name, t.billing.addons.have(quantity)),
      scheduled: (day) => t.billing.addons.of(name, t.billing.addons.from(quantity, day)),
      pendingLead: t.billing.addons.pendingLead,
    });
  });
  const invalid = units === undefined ? t.billing.addons.invalid(row.most) : undefined;
  const why = invalid ?? (same ? t.billing.addons.same : orderable(query));
  return (
    <form
      noValidate
      className="grid grid-cols-1 gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (wanted !== undefined && !why && !order.busy) order.run(wanted);
      }}
    >
      <OrderForm
        ws={ws}
        outcome={outcome}
        error={order.error}
        onClose={onClose}
        actions={
          <>
            <Button onClick={onClose}>{t.common.cancel}</Button>
            <Button type="submit" look="primary" why={why} busy={order.busy}>
              {wanted !== undefined && query.data ? action(wanted, query.data) : t.billing.addons.confirm}
            </Button>
          </>
        }
      >
        <Field
          label={t.billing.addons.quantity}
          hint={!invalid && t.billing.addons.range(row.most)}
          error={invalid}
          type="number"
          inputMode="numeric"
          min={0}
          max={row.most}
          step={1}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="max-w-40"
        />
        <div aria-live="polite" className="grid grid-cols-1 gap-5 empty:hidden">
          {same && <p className="text-sm text-soft">{t.billing.addons.same}</p>}
          {wanted !== undefined && (typed === settled ? <Previewed query={query}>{(preview) => <Meaning {...{ ws, zone, interval, row, preview }} />}</Previewed> : <Skeleton className="h-44" />)}
        </div>
      </OrderForm>
    </form>
  );

  function action(units: number, { amount_due_now, currency, effective_at }: Schemas["AddonPreview"]): string {
    const at = effective_at && day(effective_at, zone);
    if (units === row.quantity) return t.billing.addons.undo;
    if (units > row.quantity) return at ? t.billing.addons.addOn(at) : amount_due_now > 0 ? t.billing.addons.pay(money(amount_due_now, currency)) : t.billing.addons.add;
    if (!at) return t.billing.addons.confirm;
    return units === 0 ? t.billing.addons.remove(at) : t.billing.addons.reduce(at);
  }
}

function Meaning({ ws, zone, interval, row, preview }: { ws: string; zone: string; interval: Interval; row: AddonRow; preview: Schemas["AddonPreview"] }) {
  const t = useText();
  const { quantity, next_amount, currency, over_limits, upgrade_delay } = preview;
  const lead =
    quantity === row.quantity
      ? t.billing.addons.undoLead
      : quantity < row.quantity
        ? t.billing.addons.lessLead
        : upgrade_delay
          ? t.billing.change.atRenewal
          : t.billing.addons.payLead;
  return (
    <>
      <Cost zone={zone} preview={preview} label={t.billing.addons.then} then={t.billing.per[interval](money(next_amount, currency))} />
      <p className="text-sm text-soft">{lead}</p>
      <OverLimits ws={ws} title={t.billing.addons.over(over_limits.length)} over={over_limits} />
      {quantity < row.quantity && over_limits.length === 0 && <p className="text-sm text-good">{t.billing.addons.none}</p>}
    </>
  );
}

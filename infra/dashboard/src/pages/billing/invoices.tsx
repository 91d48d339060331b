// The newest invoices, all of them on request, and payments of which something went back.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { billingQuery, invoicesQuery, type Invoice } from "../../api/queries/billing";
import { isFailure } from "../../api/failure";
import { Badge, type Tone } from "../../kit/badge";
import { Button } from "../../kit/button";
import { Card } from "../../kit/card";
import { Empty } from "../../kit/empty";
import { AskOwner } from "../../kit/limit";
import { Problem } from "../../kit/problem";
import { Skeleton } from "../../kit/skeleton";
import { useAccess, useAllowed } from "../../shell/access";
import { language, useText } from "../../text";
import { day, money } from "../../text/format";
import { NewTab } from "./parts";

/** The number of invoices that the billing overview has at most. */
const NEWEST = 5;

const tones: Record<string, Tone> = { paid: "good", open: "warn", uncollectible: "bad" };

export function Invoices({ ws, zone }: { ws: string; zone: string }) {
  const t = useText();
  const why = useAccess(ws)("read_invoices");
  const { data, error, refetch } = useQuery(billingQuery(ws));
  // Only the list of all invoices asks Stripe.
  const [wanted, setWanted] = useState(false);
  const allowed = useAllowed(ws, "read_invoices");
  const all = useInfiniteQuery({ ...invoicesQuery(ws), enabled: wanted && allowed });
  const invoices = all.data?.pages.flatMap((page) => page.invoices) ?? data?.recent_invoices ?? [];
  const hasMore = all.data ? all.hasNextPage : invoices.length >= NEWEST;
  const forbidden = why ?? (isFailure(error) && error.status === 403 ? error.sentence : undefined);
  return (
    <Card title={t.billing.invoices.title} lead={t.billing.invoices.lead}>
      {forbidden ? (
        <Empty title={t.billing.invoices.forbidden}>
          {forbidden} <AskOwner workspace={ws} />
        </Empty>
      ) : error && !data ? (
        <Problem error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton className="h-44" />
      ) : invoices.length === 0 ? (
        <Empty title={t.billing.invoices.none}>{t.billing.invoices.noneLead}</Empty>
      ) : (
        <div className="grid gap-3">
          <table className="w-full text-sm">
            <thead className="text-soft">
              <tr>
                <th scope="col" className="pb-2 text-start font-medium">{t.billing.invoices.period}</th>
                <th scope="col" className="hidden pb-2 text-start font-medium md:table-cell print:table-cell">{t.billing.invoices.number}</th>
                <th scope="col" className="hidden pb-2 text-start font-medium sm:table-cell print:table-cell">{t.billing.invoices.status}</th>
                <th scope="col" className="pb-2 text-end font-medium">{t.billing.invoices.amount}</th>
                <th scope="col" className="no-print pb-2 text-end font-medium">
                  <span className="sr-only">{t.billing.invoices.documents}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {invoices.map((invoice, index) => (
                <Line key={invoice.number ?? index} invoice={invoice} zone={zone} />
              ))}
            </tbody>
          </table>
          {all.error && <Problem error={all.error} retry={() => void (all.data ? all.fetchNextPage() : all.refetch())} />}
          {hasMore && <p className="printed">{t.common.partly}</p>}
          {hasMore && !all.error && (
            <div className="no-print text-center">
              <Button small busy={all.isFetching} onClick={() => (all.data ? void all.fetchNextPage() : setWanted(true))}>
                {all.data ? t.common.more : t.billing.invoices.all}
              </Button>
            </div>
          )}
        </div>
      )}
    </Card>
  );
}

function Line({ invoice, zone }: { invoice: Invoice; zone: string }) {
  const t = useText();
  const { amount_due, currency, hosted_url, number, pdf_url, period, status } = invoice;
  const note = useCreditNote(invoice);
  const names = t.billing.invoices.statuses as Record<string, string | undefined>;
  const badge = <Badge tone={tones[status ?? ""] ?? "plain"}>{names[status ?? "draft"] ?? status}</Badge>;
  const label = number ?? span(period.start, period.end, zone);
  return (
    <tr className="border-t border-line align-top sm:align-middle print:break-inside-avoid">
      <th scope="row" className="py-3 pe-3 text-start font-medium">
        {span(period.start, period.end, zone)}
        <span className="mt-1.5 block sm:hidden print:hidden">{badge}</span>
      </th>
      <td className="hidden py-3 pe-3 font-mono text-xs leading-5 text-soft md:table-cell print:table-cell">{number ?? "–"}</td>
      <td className="hidden py-3 pe-3 sm:table-cell print:table-cell">{badge}</td>
      <td className="py-3 text-end">
        <span className="whitespace-nowrap">{money(amount_due, currency)}</span>
        {note && <span className="block text-xs text-soft">{note}</span>}
      </td>
      <td className="no-print w-px py-1.5 ps-3 text-end">
        <span className="inline-flex flex-col items-end gap-x-1 sm:flex-row">
          {status === "open" && (
            <NewTab address={hosted_url} look="primary" label={label}>
              {t.billing.invoices.pay}
            </NewTab>
          )}
          {status === "paid" && (
            <NewTab address={hosted_url} label={label}>
              {t.billing.invoices.view}
            </NewTab>
          )}
          <NewTab address={pdf_url} label={label}>
            PDF
          </NewTab>
        </span>
      </td>
    </tr>
  );
}

/** Why the amount that is charged is not the total. */
function useCreditNote({ credit_applied: applied, currency, total }: Invoice): string | undefined {
  const { credit } = useText().billing.invoices;
  if (applied === 0) return undefined;
  if (applied > 0) return credit.used(money(total, currency), money(applied, currency));
  return total < 0 ? credit.added(money(-applied, currency)) : credit.carried(money(-applied, currency));
}

/** "Nov 1 – Dec 1, 2026". */
function span(start: string, end: string, zone: string): string {
  const format = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeZone: zone });
  return format.formatRange(new Date(start), new Date(end));
}

/** Refunds and disputes; nothing where there are none. */
export function Reversals({ ws, zone }: { ws: string; zone: string }) {
  const t = useText();
  const { data } = useQuery(billingQuery(ws));
  if (!data || data.reversals.length === 0) return null;
  return (
    <Card title={t.billing.reversals.title} lead={t.billing.reversals.lead}>
      <ul className="-my-3 divide-y divide-line text-sm">
        {data.reversals.map(({ charge, paid_at, amount, currency, refunded, dispute }) => (
          <li key={charge} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 py-3">
            <div className="min-w-0">
              <p className="font-medium">{t.billing.reversals.payment(money(amount, currency), day(paid_at, zone))}</p>
              {refunded > 0 && <p className="text-soft">{refunded >= amount ? t.billing.reversals.all : t.billing.reversals.part(money(refunded, currency))}</p>}
              {dispute && <p className="text-soft">{t.billing.reversals.disputeLead[dispute]}</p>}
            </div>
            <div className="flex flex-wrap gap-2">
              {refunded > 0 && <Badge tone="accent">{t.billing.reversals.refunded}</Badge>}
              {dispute && <Badge tone={({ open: "warn", won: "good", lost: "bad" } as const)[dispute]}>{t.billing.reversals.dispute[dispute]}</Badge>}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

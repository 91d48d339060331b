// The invoices as Stripe has them, and payments of which something went back.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
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

const tones: Record<string, Tone> = { paid: "good", open: "warn", uncollectible: "bad" };

export function Invoices({ ws, zone }: { ws: string; zone: string }) {
  const t = useText();
  const why = useAccess(ws)("read_invoices");
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({ ...invoicesQuery(ws), enabled: useAllowed(ws, "read_invoices") });
  const invoices = data?.pages.flatMap((page) => page.invoices) ?? [];
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
                <th scope="col" className="hidden pb-2 text-start font-medium md:table-cell">{t.billing.invoices.number}</th>
                <th scope="col" className="hidden pb-2 text-start font-medium sm:table-cell">{t.billing.invoices.status}</th>
                <th scope="col" className="pb-2 text-end font-medium">{t.billing.invoices.amount}</th>
                <th scope="col" className="pb-2 text-end font-medium">
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
          {error && <Problem error={error} retry={() => void fetchNextPage()} />}
          {hasNextPage && !error && (
            <div className="text-center">
              <Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t.common.more}
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
  const { amount, currency, hosted_url, number, pdf_url, period, status } = invoice;
  const names = t.billing.invoices.statuses as Record<string, string | undefined>;
  const badge = <Badge tone={tones[status ?? ""] ?? "plain"}>{names[status ?? "draft"] ?? status}</Badge>;
  const label = number ?? span(period.start, period.end, zone);
  return (
    <tr className="border-t border-line align-top sm:align-middle">
      <th scope="row" className="py-3 pe-3 text-start font-medium">
        {span(period.start, period.end, zone)}
        <span className="mt-1.5 block sm:hidden">{badge}</span>
      </th>
      <td className="hidden py-3 pe-3 font-mono text-xs leading-5 text-soft md:table-cell">{number ?? "–"}</td>
      <td className="hidden py-3 pe-3 sm:table-cell">{badge}</td>
      <td className="py-3 text-end whitespace-nowrap">{money(amount, currency)}</td>
      <td className="w-px py-1.5 ps-3 text-end">
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

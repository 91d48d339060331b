// What the parts of the page on billing share.

import { useOffers } from "../../api/queries/catalogue";
import { useState, type ReactNode } from "react";
import { trusted } from "../../api/address";
import type { Interval, PlanView, Subscription } from "../../api/queries/billing";
import type { Meter } from "../../api/types";
import { Badge, type Tone } from "../../kit/badge";
import { buttonClass, type Look } from "../../kit/button";
import { Notice } from "../../kit/notice";
import { useText } from "../../text";
import { gigabytes, money, number } from "../../text/format";
import { isSubscribed, paidPrice } from "./facts";

/** The way to one of Stripe's pages: the browser goes there, and a link stays for browsers that do not. */
export function useStripe() {
  const [address, setAddress] = useState<string>();
  return {
    address,
    go: (url: string) => {
      setAddress(url);
      const safe = trusted(url);
      if (safe) location.assign(safe);
    },
    forget: () => setAddress(undefined),
  };
}

export function ToStripe({ address }: { address: string | undefined }) {
  const t = useText();
  if (!address) return null;
  const safe = trusted(address);
  if (!safe) return <Notice tone="bad" live>{t.billing.stripe.untrusted}</Notice>;
  return (
    <Notice live actions={<a href={safe} className={buttonClass("plain", true)}>{t.billing.stripe.open}</a>}>
      {t.billing.stripe.opens}
    </Notice>
  );
}

/** A link to one of Stripe's pages in a tab of its own; nothing if its address is not to be trusted. */
export function NewTab({ address, look = "quiet", children, label }: { address: string | null | undefined; look?: Look; children: ReactNode; label?: string }) {
  const t = useText();
  const safe = trusted(address);
  if (!safe) return null;
  return (
    <a href={safe} target="_blank" rel="noreferrer" className={buttonClass(look, true)}>
      {children}
      {label && <span className="sr-only"> {label}</span>}
      <span className="sr-only"> ({t.billing.newTab})</span>
      <svg viewBox="0 0 12 12" className="size-3 opacity-70" aria-hidden="true">
        <path d="M4 2.5H2.5v7h7V8M6.5 2.5h3v3M9.3 2.7 5.5 6.5" fill="none" stroke="currentColor" strokeWidth="1.3" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </a>
  );
}

const tones: Record<Subscription["status"], Tone> = {
  active: "good",
  trialing: "accent",
  past_due: "warn",
  unpaid: "bad",
  paused: "warn",
  incomplete: "warn",
  incomplete_expired: "plain",
  canceled: "plain",
};

export function Status({ ws, paid }: { ws: string; paid: Subscription }) {
  const t = useText();
  const catalogue = useOffers(ws);
  if (catalogue.isContract(paid.plan)) return <Badge tone="good">{t.billing.status.contract}</Badge>;
  // Free is a plan, not a state.
  if (!isSubscribed(paid)) return null;
  if (paid.cancel_at && (paid.status === "active" || paid.status === "trialing")) return <Badge tone="warn">{t.billing.status.ending}</Badge>;
  return <Badge tone={tones[paid.status]}>{t.billing.status[paid.status]}</Badge>;
}

/** "23 GB", "1 TB". */
export function storage(megabytes: number): string {
  const size = gigabytes(megabytes);
  return size < 1024 ? `${number(size)} GB` : `${number(gigabytes(size))} TB`;
}

/** "23 GB" of the storage that every plan limits, a number of everything else. */
export function counted(meter: Meter, value: number): string {
  return meter === "storage_mb" ? storage(value) : number(value);
}

/** "$29 per month" of what is paid; nothing if that is not certain. */
export function usePaidPrice(): (prices: PlanView["prices"], interval: Interval, currency: string | undefined, perSeat: boolean) => string | undefined {
  const t = useText();
  return (prices, interval, currency, perSeat) => {
    const price = paidPrice(prices, interval, currency);
    if (!price) return undefined;
    const amount = money(price.amount, price.currency);
    return t.billing.per[interval](perSeat ? t.billing.eachSeat(amount) : amount);
  };
}

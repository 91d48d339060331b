// What the parts of the page on billing share.

import { useState, type ReactNode } from "react";
import { trusted } from "../../api/address";
import type { Interval, PlanView, Subscription } from "../../api/queries/billing";
import { Badge, type Tone } from "../../kit/badge";
import { buttonClass, type Look } from "../../kit/button";
import { Notice } from "../../kit/notice";
import { useText } from "../../text";
import { number, price } from "../../text/format";
import { gigabytes, isContract, isSubscribed } from "./facts";

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

export function Status({ paid }: { paid: Subscription }) {
  const t = useText();
  if (isContract(paid)) return <Badge tone="good">{t.billing.status.contract}</Badge>;
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

/** "$29 per month"; nothing for a plan whose price is a matter of contract. */
export function usePrice(): (view: PlanView | undefined, interval: Interval) => string | undefined {
  const t = useText();
  return (view, interval) => {
    const whole = interval === "year" ? view?.yearly_price_usd : view?.monthly_price_usd;
    return whole == null ? undefined : t.billing.per[interval](price(whole));
  };
}

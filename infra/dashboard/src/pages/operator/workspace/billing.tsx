// What Stripe and Berth know of a workspace's payments.

import type { ReactNode } from "react";
import type { Facts, Subscription } from "../../../api/operator/types";
import { Card } from "../../../kit/card";
import { Time } from "../../../kit/time";
import { number } from "../../../text/format";
import { useOperatorText } from "../../../text/operator";
import { Code, Row, Rows } from "../rows";

const at = (time: string) => <Time at={time} zone="UTC" />;

/** Rows without a value are left out, except those that answer the usual questions. */
export function BillingCard({ facts: { billing }, actions }: { facts: Facts; actions: ReactNode }) {
  const all = useOperatorText();
  const { billing: text, intervals } = all.workspace;
  const { customer, subscription, pending_checkout, last_error, last_refusal, granted_trial, trialed_at, ordered_by, compared_again_at } = billing;
  return (
    <Card title={text.title} actions={actions}>
      <Rows>
        <Row name={text.customer}>{customer ? <Code>{customer}</Code> : all.none}</Row>
        {subscription ? <Paid subscription={subscription} /> : <Row name={text.subscription}>{text.noSubscription}</Row>}
        {pending_checkout && (
          <Row name={text.checkout}>
            {pending_checkout.plan}, {intervals[pending_checkout.interval]}, {text.until} {at(pending_checkout.expires_at)}
            <br />
            <Code>{pending_checkout.session}</Code>
          </Row>
        )}
        {last_error && (
          <Row name={text.lastError}>
            {at(last_error.at)}: <bdi>{last_error.message}</bdi>
          </Row>
        )}
        {last_refusal && (
          <Row name={text.lastRefusal}>
            <bdi>{last_refusal.reason}</bdi> ({text.attempt(last_refusal.attempt)})
          </Row>
        )}
        <Row name={text.underWay}>{billing.command_under_way ? all.yes : all.no}</Row>
        {ordered_by && (
          <Row name={text.orderedBy}>
            <Code>{ordered_by}</Code>
          </Row>
        )}
        {granted_trial && (
          <Row name={text.granted}>
            {text.days(granted_trial.days)}, {at(granted_trial.at)}
          </Row>
        )}
        <Row name={text.trialed}>{trialed_at ? at(trialed_at) : all.no}</Row>
        {compared_again_at && <Row name={text.compared}>{at(compared_again_at)}</Row>}
        <Row name={text.version}>{number(billing.version)}</Row>
      </Rows>
    </Card>
  );
}

function Paid({ subscription }: { subscription: Subscription }) {
  const { billing: text, intervals } = useOperatorText().workspace;
  const { id, plan, interval, status, period, cancel_at, trial_end, grace_until, scheduled, pending_change } = subscription;
  return (
    <>
      <Row name={text.subscription}>
        <Code>{id}</Code>
      </Row>
      <Row name={text.plan}>
        {plan}, {intervals[interval]}
      </Row>
      <Row name={text.status}>
        <Code>{status}</Code>
      </Row>
      <Row name={text.period}>
        {at(period.start)} – {at(period.end)}
      </Row>
      {cancel_at && <Row name={text.cancelAt}>{at(cancel_at)}</Row>}
      {trial_end && <Row name={text.trialEnd}>{at(trial_end)}</Row>}
      {grace_until && <Row name={text.graceUntil}>{at(grace_until)}</Row>}
      {scheduled && (
        <Row name={text.scheduled}>
          {scheduled[0]}, {intervals[scheduled[1]]}
        </Row>
      )}
      {pending_change && (
        <Row name={text.pendingChange}>
          {pending_change.plan}, {intervals[pending_change.interval]}, {text.until} {at(pending_change.expires_at)}
        </Row>
      )}
    </>
  );
}

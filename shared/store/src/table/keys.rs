//! Every key format of the table, and the access pattern that each serves. Only the store sees keys; callers reach
//! items through a scope.
//!
//! | access pattern | how |
//! |---|---|
//! | membership of a caller, workspace, target | BatchGetItem `WS#id`: `MEMBER#user`, `META`, the target |
//! | whether a command was already sent | in the same read, `USER#user` `IDEM#digest` |
//! | members of a workspace, by id | Query `WS#id` begins with `MEMBER#` |
//! | billing of a workspace | in the same read, `WS#id` `SUBSCRIPTION` |
//! | counters and guards of a workspace, number of its repairs | Query `WS#id`; `WS#id` `REPAIRS` |
//! | a workspace's runtime | in the same read, `WS#id` `RUNTIME` |
//! | the last report of its container | in the same read, `WS#id` `HEARTBEAT` |
//! | the workspace of a Stripe customer | `gsi1`: `STRIPE#customer` |
//! | the pending command to Stripe | `WS#id` `INTENT#attempt`; the attempt is stored in `SUBSCRIPTION` |
//! | workspaces whose seats are to be compared with Stripe | `due`: `WS#id` `SEATS` |
//! | progress of the nightly comparison with Stripe | `COMPARISON` `META` |
//! | whether an event of Stripe's was handled | `EVENT#id` `META` |
//! | usage of a meter | in the same read, `WS#id#USAGE` `always#meter#shard`; Query by `period`, the month's beginning |
//! | whether a usage key was counted, and returned | in the same read, `WS#id#USAGE` `KEY#key` |
//! | whether the operator returned this usage | GetItem `WS#id#USAGE` `RETURN#key`, and a condition on it |
//! | a pending deletion | `WS#id` `DELETION` |
//! | a deletion's receipt | `USER#user` `DELETION#id` |
//! | leftovers of a deleted workspace | Query `WS#id` |
//! | the integrations of a workspace | in the same read, `WS#id` `INTEGRATION#type` for each type |
//! | API keys of a workspace | Query `WS#id` begins with `APIKEY#` |
//! | an API key that a request presents | in the same read, `WS#id` `APIKEY#key` |
//! | its rate and last use | a condition on `WS#id#KEYS` `USE#key`; Query begins with `USE#` |
//! | what an API key has consumed this month | in the same read, `WS#id#KEYS` `SPENT#key#month#meter` |
//! | invitations of a workspace: all, the expired, those of one inviter | Query `WS#id` begins with `INVITE#` |
//! | whether an owner was sent the e-mail about this suspension | `WS#id` `LETTER#version#user` |
//! | e-mails that wait for the next day | `due`: `WS#id` `DEFERRED#invitation` |
//! | e-mails that a recipient got in a day | a condition on `RECIPIENT#digest` `DAY#day` |
//! | whether a recipient has unsubscribed | in the mailer's read, `RECIPIENT#digest` `STOP` |
//! | whether a letter to a recipient came back | a condition on `RECIPIENT#digest` `RETURNED` |
//! | time at which a workspace's next message may reach a queue | a condition on `WS#id#PACE` `queue` |
//! | used part of a budget in a window | a condition on `WS#id` `BUDGET#name#window` |
//! | inviters whose invitations must be checked | `due`: `WS#id` `REVOKE#user` |
//! | whether an address is seated or invited | GetItem `WS#id` `EMAIL#address`, and a condition on it |
//! | audit records, newest first | Query `WS#id#AUDIT`, backwards |
//! | the end of the audit log | in a change's read, `WS#id#CHAIN` `HEAD`, and a condition on it |
//! | records from before the log was chained | `due`: `WS#id#CHAIN` `LINKING` |
//! | checkpoints of the audit log, newest first | Query `WS#id#CHAIN` begins with `CHECKPOINT#`, backwards |
//! | a user's workspaces, newest first | Query `USER#user` begins with `WS#`, backwards; then BatchGetItem of the heads |
//! | a person's name, language and time zone | in the same read, `USER#user` `PROFILE` |
//! | number of a user's workspaces | `USER#user` `META` |
//! | a person's free workspaces and containers, pace of their runtime commands | in the same read, `USER#user` `ALLOWANCE` |
//! | validity of the entries in an allowance | BatchGetItem `WS#id`: `META`, `SUBSCRIPTION`, `MEMBER#user`, `RUNTIME` for each |
//! | invitations for an address, in all workspaces | `gsi1`: `EMAIL#address`, `INVITE#id` |
//! | the deliveries of a workspace, newest first | Query `WS#id#DELIVERIES`, backwards |
//! | the newest event of an incident | Get `WS#id#DELIVERIES` `INCIDENT#incident` |
//! | health of integrations | Query `WS#id#HEALTH`; of one integration, begins with `type#` |
//! | the inbox of a member | in the same read, `WS#id#INBOX` `user#HEAD`, `user#PREFERENCES`, `user#MAIL` |
//! | live connections of a workspace, or of a member | Query `WS#id#LIVE`, all or beginning with `user#` |
//! | whether a ticket was used | a condition on `WS#id#LIVE` `user#ticket` |
//! | notifications of a member, newest first | Query `WS#id#INBOX`, backwards, between `user#N#id` of the oldest shown and the last |
//! | whether an event is in an inbox, or was | a condition on `WS#id#INBOX` `user#N#id` |
//! | whether a key was used to publish a notification | in the same read, `WS#id#INBOX` `PUBLISHED#digest` |
//! | events of which members are to be notified | the stream: `NOTICE#id` `META`; if that failed, `due` |
//! | messages to relay | the stream; if that failed, `due` |
//! | due items | Query `due`: `DUE#bucket`, up to now |

pub(crate) use crate::table::item::Key;

use crate::{
    partitions::WorkspacePartition,
    table::item::{Item, number, text},
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    audit::checkpoint::CheckpointNumber,
    billing::intent::IntentNumber,
    bounds::budget::{Budget, Window},
    email::Email,
    ids::{
        AuditId, DeletionId, DeliveryId, InvitationId, KeyId, LiveTicketId, NotificationId, OutboxId, SecretId, UserId,
        WorkspaceId,
    },
    integrations::IntegrationType,
    integrations::incident::Incident,
    keys::usage::KeyMonth,
    notifications::published::PublishKey,
    notifications::recipient::{LetterDay, LetterName, Recipient},
    outbox::Queue,
    plans::names::MeterName,
    usage::{Meter, Span, UsageKey},
};
use jiff::Timestamp;
use std::str::FromStr;
use ulid::Ulid;

pub(crate) const MEMBER: &str = "MEMBER#";
pub(crate) const INVITATION: &str = "INVITE#";
pub(crate) const INTEGRATION: &str = "INTEGRATION#";
pub(crate) const API_KEY: &str = "APIKEY#";
pub(crate) const KEY_USE: &str = "USE#";
pub(crate) const ORPHAN: &str = "SECRET#";
pub(crate) const REVOCATION: &str = "REVOKE#";
pub(crate) const DEFERRAL: &str = "DEFERRED#";
pub(crate) const MEMBERSHIP: &str = "WS#";
pub(crate) const INTENT: &str = "INTENT#";
pub(crate) const COMMAND: &str = "IDEM#";
pub(crate) const RECEIPT: &str = "DELETION#";

pub(crate) fn workspace(id: WorkspaceId) -> Key {
    Key::new(workspace_partition(id), "META")
}

pub(crate) fn workspace_partition(id: WorkspaceId) -> String {
    WorkspacePartition::Own.key(id)
}

pub(crate) fn member(workspace: WorkspaceId, user: UserId) -> Key {
    Key::new(workspace_partition(workspace), format!("{MEMBER}{user}"))
}

pub(crate) const ADDRESS: &str = "EMAIL#";

pub(crate) fn address(workspace: WorkspaceId, email: &Email) -> Key {
    folded_address(workspace, email.folded())
}

/// Returns the key of an address that is already folded.
pub(crate) fn folded_address(workspace: WorkspaceId, folded: &str) -> Key {
    Key::new(workspace_partition(workspace), format!("{ADDRESS}{folded}"))
}

pub(crate) fn invitation(workspace: WorkspaceId, id: InvitationId) -> Key {
    Key::new(workspace_partition(workspace), format!("{INVITATION}{id}"))
}

pub(crate) fn audit(workspace: WorkspaceId, id: AuditId) -> Key {
    Key::new(audit_partition(workspace), id.to_string())
}

pub(crate) fn audit_partition(workspace: WorkspaceId) -> String {
    WorkspacePartition::Audit.key(workspace)
}

/// The head of the audit log's chain.
pub(crate) fn chain_head(workspace: WorkspaceId) -> Key {
    Key::new(chain_partition(workspace), "HEAD")
}

/// How far the records from before the log was chained have places.
pub(crate) fn chain_linking(workspace: WorkspaceId) -> Key {
    Key::new(chain_partition(workspace), "LINKING")
}

pub(crate) const CHECKPOINT: &str = "CHECKPOINT#";

/// The checkpoint of the audit record with this number.
pub(crate) fn checkpoint(workspace: WorkspaceId, number: CheckpointNumber) -> Key {
    Key::new(chain_partition(workspace), format!("{CHECKPOINT}{number}"))
}

/// What proves the audit log: it outlives the workspace, as the records do.
pub(crate) fn chain_partition(workspace: WorkspaceId) -> String {
    WorkspacePartition::Chain.key(workspace)
}

pub(crate) fn user_partition(user: UserId) -> String {
    format!("USER#{user}")
}

pub(crate) fn user(id: UserId) -> Key {
    Key::new(user_partition(id), "META")
}

/// A person's allowance: their free workspaces and containers.
pub(crate) fn allowance(user: UserId) -> Key {
    Key::new(user_partition(user), "ALLOWANCE")
}

/// A person's own settings.
pub(crate) fn profile(user: UserId) -> Key {
    Key::new(user_partition(user), "PROFILE")
}

pub(crate) fn membership(user: UserId, workspace: WorkspaceId) -> Key {
    Key::new(user_partition(user), format!("{MEMBERSHIP}{workspace}"))
}

pub(crate) fn idempotency(user: UserId, command: &str) -> Key {
    Key::new(user_partition(user), format!("{COMMAND}{command}"))
}

pub(crate) fn outbox(id: OutboxId) -> Key {
    Key::new(format!("OUTBOX#{id}"), "META")
}

pub(crate) fn billing(workspace: WorkspaceId) -> Key {
    Key::new(workspace_partition(workspace), "SUBSCRIPTION")
}

pub(crate) fn runtime(workspace: WorkspaceId) -> Key {
    Key::new(workspace_partition(workspace), "RUNTIME")
}

pub(crate) fn heartbeat(workspace: WorkspaceId) -> Key {
    Key::new(workspace_partition(workspace), "HEARTBEAT")
}

pub(crate) fn integration(workspace: WorkspaceId, kind: IntegrationType) -> Key {
    Key::new(workspace_partition(workspace), format!("{INTEGRATION}{kind}"))
}

/// An API key.
pub(crate) fn api_key(workspace: WorkspaceId, id: KeyId) -> Key {
    Key::new(workspace_partition(workspace), format!("{API_KEY}{id}"))
}

/// What is counted about the API keys of a workspace. Each request with a key writes there.
pub(crate) fn key_partition(workspace: WorkspaceId) -> String {
    WorkspacePartition::Keys.key(workspace)
}

/// The rate and the last use of an API key.
pub(crate) fn key_use(workspace: WorkspaceId, id: KeyId) -> Key {
    Key::new(key_partition(workspace), format!("{KEY_USE}{id}"))
}

/// What an API key has consumed of `meter` in the `month` of UTC.
pub(crate) fn key_spending(workspace: WorkspaceId, id: KeyId, month: KeyMonth, meter: MeterName) -> Key {
    Key::new(key_partition(workspace), format!("SPENT#{id}#{month}#{meter}"))
}

/// The number of repairs of a workspace.
pub(crate) fn repairs(workspace: WorkspaceId) -> Key {
    Key::new(workspace_partition(workspace), "REPAIRS")
}

/// A pending deletion.
pub(crate) fn deletion(workspace: WorkspaceId) -> Key {
    Key::new(workspace_partition(workspace), "DELETION")
}

/// The receipt of a deletion that `user` requested.
pub(crate) fn receipt(user: UserId, id: DeletionId) -> Key {
    Key::new(user_partition(user), format!("{RECEIPT}{id}"))
}

/// The deletion of the account of `user`.
pub(crate) fn account_deletion(user: UserId) -> Key {
    Key::new(user_partition(user), "ACCOUNT_DELETION")
}

/// The used part of `budget` in `window`.
pub(crate) fn budget(workspace: WorkspaceId, budget: Budget, window: Window) -> Key {
    Key::new(workspace_partition(workspace), format!("BUDGET#{}#{}", budget.name(), window.number()))
}

/// The record that `member` was sent the e-mail `name`.
pub(crate) fn sent_letter(workspace: WorkspaceId, name: &LetterName, member: UserId) -> Key {
    Key::new(workspace_partition(workspace), format!("LETTER#{}#{member}", name.as_str()))
}

/// The e-mail of an invitation that waits for the next day.
pub(crate) fn deferral(workspace: WorkspaceId, id: InvitationId) -> Key {
    Key::new(workspace_partition(workspace), format!("{DEFERRAL}{id}"))
}

fn recipient_partition(recipient: &Recipient) -> String {
    format!("RECIPIENT#{}", recipient.digest())
}

/// The e-mails that `recipient` got on `day`.
pub(crate) fn letters_of_day(recipient: &Recipient, day: LetterDay) -> Key {
    Key::new(recipient_partition(recipient), format!("DAY#{}", day.number()))
}

/// The record that a letter to `recipient` came back.
pub(crate) fn returned(recipient: &Recipient) -> Key {
    Key::new(recipient_partition(recipient), "RETURNED")
}

/// The record that `recipient` has unsubscribed.
pub(crate) fn stop(recipient: &Recipient) -> Key {
    Key::new(recipient_partition(recipient), "STOP")
}

/// The turns of `workspace` at `queue` that are taken.
pub(crate) fn pace(workspace: WorkspaceId, queue: Queue) -> Key {
    Key::new(pace_partition(workspace), queue.name())
}

/// Turns have a partition of their own: the functions that relay messages may write there, and nowhere else in the
/// workspace.
pub(crate) fn pace_partition(workspace: WorkspaceId) -> String {
    WorkspacePartition::Pace.key(workspace)
}

/// The request to check the invitations of `inviter`.
pub(crate) fn revocation(workspace: WorkspaceId, inviter: UserId) -> Key {
    Key::new(workspace_partition(workspace), format!("{REVOCATION}{inviter}"))
}

pub(crate) fn delivery(workspace: WorkspaceId, id: DeliveryId) -> Key {
    Key::new(delivery_partition(workspace), id.to_string())
}

/// The newest event of `incident`. It is not among the deliveries, which are listed without a prefix.
pub(crate) fn incident(workspace: WorkspaceId, incident: Incident) -> Key {
    Key::new(workspace_partition(workspace), format!("INCIDENT#{incident}"))
}

pub(crate) fn delivery_partition(workspace: WorkspaceId) -> String {
    WorkspacePartition::Deliveries.key(workspace)
}

/// An event of which members are to be notified. It has a partition of its own kind, by which the filters of the stream's
/// two readers differ.
pub(crate) fn notice(id: NotificationId) -> Key {
    Key::new(format!("NOTICE#{id}"), "META")
}

/// Inboxes of all members: one partition, so that nothing of a workspace's can be forgotten.
pub(crate) fn inbox_partition(workspace: WorkspaceId) -> String {
    WorkspacePartition::Inbox.key(workspace)
}

/// The head of the inbox of `user`.
pub(crate) fn inbox_head(workspace: WorkspaceId, user: UserId) -> Key {
    Key::new(inbox_partition(workspace), format!("{user}#HEAD"))
}

/// The preferences of `user` for notifications.
pub(crate) fn preferences(workspace: WorkspaceId, user: UserId) -> Key {
    Key::new(inbox_partition(workspace), format!("{user}#PREFERENCES"))
}

/// What waits to be mailed to `user`.
pub(crate) fn mail_window(workspace: WorkspaceId, user: UserId) -> Key {
    Key::new(inbox_partition(workspace), format!("{user}#MAIL"))
}

/// Beginning of the sort keys of everything in the inbox of `user`.
pub(crate) fn of_inbox(user: UserId) -> String {
    format!("{user}#")
}

/// Beginning of the sort keys of the notifications of `user`.
pub(crate) fn notifications(user: UserId) -> String {
    format!("{user}#N#")
}

pub(crate) fn notification(workspace: WorkspaceId, user: UserId, id: NotificationId) -> Key {
    Key::new(inbox_partition(workspace), format!("{}{id}", notifications(user)))
}

/// The record of the notification that a container published under `key`.
pub(crate) fn publication(workspace: WorkspaceId, key: &PublishKey) -> Key {
    Key::new(inbox_partition(workspace), format!("PUBLISHED#{}", key.digest()))
}

/// Returns the member in whose inbox `item` is stored.
pub(crate) fn inbox_owner(item: &Item) -> Option<UserId> {
    item.get("sk")?.as_s().ok()?.split('#').next()?.parse().ok()
}

/// True if `item` is in the place of a notification.
pub(crate) fn is_notification(item: &Item) -> bool {
    item.get("sk").and_then(|sk| sk.as_s().ok()).is_some_and(|sk| sk.split('#').nth(1) == Some("N"))
}

/// Returns the id in the sort key of a notification.
pub(crate) fn notification_id(item: &Item) -> Option<NotificationId> {
    item.get("sk")?.as_s().ok()?.rsplit('#').next()?.parse().ok()
}

/// Live connections of all members. A push reads all of them at once.
pub(crate) fn live_partition(workspace: WorkspaceId) -> String {
    WorkspacePartition::Live.key(workspace)
}

/// Beginning of the sort keys of the connections of `user`.
pub(crate) fn connections_of(user: UserId) -> String {
    format!("{user}#")
}

/// The connection of `user` that `ticket` opened.
pub(crate) fn connection(workspace: WorkspaceId, user: UserId, ticket: LiveTicketId) -> Key {
    Key::new(live_partition(workspace), format!("{}{ticket}", connections_of(user)))
}

/// Returns the member and the ticket in the sort key of a connection.
pub(crate) fn connection_of(item: &Item) -> Option<(UserId, LiveTicketId)> {
    let (user, ticket) = item.get("sk")?.as_s().ok()?.split_once('#')?;
    Some((user.parse().ok()?, ticket.parse().ok()?))
}

/// Number of items over which the counters of one integration are spread.
pub(crate) const HEALTH_SHARDS: u8 = 8;

/// A part of the health of an integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HealthPart {
    /// A shard of the counters.
    Shard(u8),
    /// The last test.
    Check,
    /// The time since which no delivery has succeeded.
    Failing,
}

pub(crate) fn health(workspace: WorkspaceId, kind: IntegrationType, part: HealthPart) -> Key {
    let part = match part {
        HealthPart::Shard(shard) => shard.to_string(),
        HealthPart::Check => "CHECK".to_owned(),
        HealthPart::Failing => "FAILING".to_owned(),
    };
    Key::new(health_partition(workspace), format!("{kind}#{part}"))
}

pub(crate) fn health_partition(workspace: WorkspaceId) -> String {
    WorkspacePartition::Health.key(workspace)
}

/// Returns the integration and the part of its health that `item` holds.
pub(crate) fn health_of(item: &Item) -> Option<(IntegrationType, HealthPart)> {
    let (kind, part) = item.get("sk")?.as_s().ok()?.split_once('#')?;
    let part = match part {
        "CHECK" => HealthPart::Check,
        "FAILING" => HealthPart::Failing,
        shard => HealthPart::Shard(shard.parse().ok()?),
    };
    Some((kind.parse().ok()?, part))
}

/// The record of a secret that no integration refers to.
pub(crate) fn orphan(workspace: WorkspaceId, id: SecretId) -> Key {
    Key::new(workspace_partition(workspace), format!("{ORPHAN}{id}"))
}

/// Returns the key of a workspace's billing in `gsi1`.
pub(crate) fn billing_by_customer(customer: &str, workspace: WorkspaceId) -> (String, String) {
    (customer_partition(customer), workspace.to_string())
}

/// The partition of a Stripe customer in `gsi1`.
pub(crate) fn customer_partition(customer: &str) -> String {
    format!("STRIPE#{customer}")
}

pub(crate) fn intent(workspace: WorkspaceId, attempt: IntentNumber) -> Key {
    Key::new(workspace_partition(workspace), format!("{INTENT}{attempt}"))
}

/// The request to compare the seats of `workspace` with Stripe.
pub(crate) fn seat_check(workspace: WorkspaceId) -> Key {
    Key::new(workspace_partition(workspace), "SEATS")
}

/// The pending nightly comparison with Stripe.
pub(crate) fn comparison() -> Key {
    Key::new("COMPARISON".to_owned(), "META")
}

/// An event of Stripe's.
pub(crate) fn event(id: &str) -> Key {
    Key::new(format!("EVENT#{id}"), "META")
}

pub(crate) fn usage_partition(workspace: WorkspaceId) -> String {
    WorkspacePartition::Usage.key(workspace)
}

/// A shard of the counts of `meter` over `span`. Months sort by their beginning, before everything else.
pub(crate) fn shard(workspace: WorkspaceId, span: Span, meter: Meter, number: u8) -> Key {
    let period = match span {
        Span::Always => "always".to_owned(),
        Span::Month(period) => second(period.start),
    };
    Key::new(usage_partition(workspace), format!("{period}#{meter}#{number}"))
}

/// Bounds of the sort keys of months that begin after `from` and until `to`.
pub(crate) fn months(from: Timestamp, to: Timestamp) -> [String; 2] {
    // `~` sorts behind everything that follows a beginning.
    [format!("{}~", second(from)), format!("{}~", second(to))]
}

/// Returns the month's beginning and the meter in the sort key of a shard.
pub(crate) fn month_and_meter(item: &Item) -> Option<(Timestamp, MeterName)> {
    let mut parts = item.get("sk")?.as_s().ok()?.split('#');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Formats a time so that it sorts, to the second as Stripe's times are.
fn second(moment: Timestamp) -> String {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment).to_string()
}

/// The record of the usage counted under `key`.
pub(crate) fn counted(workspace: WorkspaceId, key: &UsageKey) -> Key {
    Key::new(usage_partition(workspace), format!("KEY#{key}"))
}

/// The record of the usage that the operator returned under `key`.
pub(crate) fn operator_return(workspace: WorkspaceId, key: &UsageKey) -> Key {
    Key::new(usage_partition(workspace), format!("RETURN#{key}"))
}

/// Returns the key of an invitation in `gsi1`.
pub(crate) fn invitation_by_address(email: &Email, id: InvitationId) -> (String, String) {
    (format!("EMAIL#{}", email.folded()), format!("{INVITATION}{id}"))
}

/// Returns the partition in `gsi1` of the invitations to `email` and an exclusive upper bound of their sort keys, for
/// the part of a list, newest first, that follows `after`.
pub(crate) fn invitations_before(email: &Email, after: Option<InvitationId>) -> (String, String) {
    // No id begins with a character as high as the tilde.
    let below = after.map_or_else(|| "~".to_owned(), |id| id.to_string());
    (format!("EMAIL#{}", email.folded()), format!("{INVITATION}{below}"))
}

/// Number of partitions over which the `due` index is spread, so that no single one takes every write.
pub(crate) const BUCKETS: u8 = 8;

/// Returns the attributes that index an item with the id `id` in `due`, because something must happen by `at`: its
/// bucket, and the time in milliseconds.
pub(crate) fn due(id: Ulid, at: Timestamp) -> [(String, AttributeValue); 2] {
    let bucket = u8::try_from(id.random() % u128::from(BUCKETS)).unwrap_or_default();
    let (bucket, at) = (text(due_bucket(bucket)), number(at.as_millisecond()));
    [("due_bucket".to_owned(), bucket), ("due_at".to_owned(), at)]
}

/// Returns the partition of a bucket in `due`.
pub(crate) fn due_bucket(bucket: u8) -> String {
    format!("DUE#{bucket}")
}

/// Returns the workspace in whose partition `item` is stored.
pub(crate) fn workspace_of(item: &Item) -> Option<WorkspaceId> {
    let within = item.get("pk")?.as_s().ok()?.strip_prefix("WS#")?;
    within.split('#').next()?.parse().ok()
}

/// Returns the id that follows `prefix` in the sort key of `item`.
pub(crate) fn id_of<Id: FromStr>(item: &Item, prefix: &str) -> Option<Id> {
    item.get("sk")?.as_s().ok()?.strip_prefix(prefix)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{billing::subscription::Period, ids::ParseIdError};

    const ID: &str = "01KCBQ3Z9VTM5E8W2RXG4N7HYD";

    fn sample<Id: FromStr<Err = ParseIdError>>(prefix: &str) -> Id {
        format!("{prefix}{ID}").parse().unwrap()
    }

    /// Deployed tables store their items under the keys in `samples/keys.txt`. A changed key format makes the items
    /// stored under the old one unreachable. Nothing rewrites the file.
    #[test]
    fn keys_keep_their_formats() {
        let (workspace, user): (WorkspaceId, UserId) = (sample("ws_"), sample("usr_"));
        let email: Email = "Ana@Example.com".parse().unwrap();
        let recipient = Recipient::of(&email);
        let now: Timestamp = "2026-11-01T12:00:00.25Z".parse().unwrap();
        let month = Span::Month(Period { start: now, end: now });
        let key: UsageKey = "sample-key".parse().unwrap();
        let kind = IntegrationType::ALL[0];
        let meters =
            ["executions", "traces", "ai_credits", "gateways", "plugins", "api_keys", "storage_mb"].map(testkit::meter);
        let mut keys = vec![
            super::workspace(workspace),
            member(workspace, user),
            address(workspace, &email),
            invitation(workspace, sample("inv_")),
            audit(workspace, sample("aud_")),
            chain_head(workspace),
            chain_linking(workspace),
            checkpoint(workspace, CheckpointNumber(7)),
            super::user(user),
            allowance(user),
            profile(user),
            membership(user, workspace),
            idempotency(user, "digest"),
            outbox(sample("out_")),
            billing(workspace),
            runtime(workspace),
            heartbeat(workspace),
            repairs(workspace),
            deletion(workspace),
            receipt(user, sample("del_")),
            account_deletion(user),
            sent_letter(workspace, &LetterName::suspension(3), user),
            deferral(workspace, sample("inv_")),
            letters_of_day(&recipient, LetterDay::of(now)),
            stop(&recipient),
            returned(&recipient),
            revocation(workspace, user),
            delivery(workspace, sample("dlv_")),
            incident(workspace, Incident::Runtime),
            notice(sample("ntf_")),
            inbox_head(workspace, user),
            super::preferences(workspace, user),
            mail_window(workspace, user),
            notification(workspace, user, sample("ntf_")),
            connection(workspace, user, sample("tkt_")),
            publication(workspace, &"report-7".parse().unwrap()),
            health(workspace, kind, HealthPart::Shard(7)),
            health(workspace, kind, HealthPart::Check),
            health(workspace, kind, HealthPart::Failing),
            api_key(workspace, sample("key_")),
            key_use(workspace, sample("key_")),
            key_spending(workspace, sample("key_"), KeyMonth::of(now), meters[0].name),
            orphan(workspace, sample("sec_")),
            intent(workspace, IntentNumber::default().next()),
            seat_check(workspace),
            comparison(),
            event("evt_1"),
            counted(workspace, &key),
            operator_return(workspace, &key),
        ];
        keys.extend(IntegrationType::ALL.iter().map(|kind| integration(workspace, *kind)));
        keys.extend(Budget::ALL.iter().map(|of| budget(workspace, *of, of.window(now))));
        keys.extend([Queue::Mail, Queue::Runtime, Queue::Deliver].map(|queue| pace(workspace, queue)));
        keys.extend(
            meters.iter().flat_map(|meter| [Span::Always, month].map(|span| shard(workspace, span, *meter, 2))),
        );
        let mut formatted: Vec<_> = keys.iter().map(|Key { pk, sk }| format!("{pk} | {sk}")).collect();
        let indexed = [
            billing_by_customer("cus_1", workspace),
            invitation_by_address(&email, sample("inv_")),
            invitations_before(&email, None),
            (customer_partition("cus_1"), due_bucket(3)),
        ];
        formatted.extend(indexed.map(|(pk, sk)| format!("{pk} | {sk}")));
        formatted.push(format!("{:?}", due(workspace.ulid(), now)));
        assert_eq!(include_str!("../../../samples/keys.txt"), formatted.join("\n").replace(ID, "id") + "\n");
    }
}

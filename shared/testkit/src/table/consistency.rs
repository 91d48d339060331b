//! Consistency of every team in the table: counters, seats, addresses, both ends of each membership, and the audit
//! records, from which the members and the invitations must follow.

use serde_json::Value;
use std::collections::BTreeMap;

type Items = BTreeMap<(String, String), Value>;

/// Fails the test if any workspace or user is inconsistent. Returns the number of workspaces.
#[track_caller]
pub(crate) fn check(items: &Items, context: &str) -> usize {
    let heads = items.iter().filter(|(_, item)| item["_type"] == "workspace");
    let workspaces: Vec<_> = heads.map(|((pk, _), head)| (pk.as_str(), head)).collect();
    for (pk, head) in &workspaces {
        workspace(items, pk, head, context);
    }
    for ((pk, _), user) in items.iter().filter(|(_, item)| item["_type"] == "user") {
        let noted = of(items, pk, "WS#").count() as u64;
        let seats = items.iter().filter(|((_, sk), item)| {
            item["_type"] == "member"
                && item["status"] == "active"
                && sk.strip_prefix("MEMBER#") == pk.strip_prefix("USER#")
        });
        let counted = user["workspace_count"].as_u64().unwrap();
        let is_ending = user["ending"] == true;
        assert_eq!((counted, counted), (noted, seats.count() as u64), "{context}: the workspaces of {pk}");
        assert!(counted > 0 || is_ending, "{context}: {pk} has no workspace left");
    }
    workspaces.len()
}

fn of<'a>(items: &'a Items, pk: &str, prefix: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let (pk, prefix) = (pk.to_owned(), prefix.to_owned());
    items
        .iter()
        .filter(move |((at, sk), _)| *at == pk && sk.starts_with(&prefix))
        .map(|((_, sk), item)| (sk.as_str(), item))
}

#[track_caller]
fn workspace(items: &Items, pk: &str, head: &Value, context: &str) {
    let context = format!("{context}: {pk}");
    let members: Vec<_> = of(items, pk, "MEMBER#").filter(|(_, member)| member["status"] == "active").collect();
    let invitations: Vec<_> = of(items, pk, "INVITE#").collect();
    let owners = members.iter().filter(|(_, member)| member["role"] == "owner").count();
    let counted = ["owner_count", "member_count", "seat_count"].map(|name| head[name].as_u64().unwrap());
    let counts = [owners, members.len(), members.len() + invitations.len()].map(|count| count as u64);
    assert_eq!(counted, counts, "{context}: the head's counters against the actual numbers");
    assert!(owners > 0 || head["live"] == false, "{context}: a live workspace needs an owner");

    let seated = members.iter().filter(|(_, member)| member["email"].is_string());
    let held =
        seated.chain(&invitations).map(|(sk, item)| (folded(&item["email"]), sk.split_once('#').unwrap().1.to_owned()));
    let held: BTreeMap<_, _> = held.collect();
    let guards = of(items, pk, "EMAIL#");
    let guards: BTreeMap<_, _> =
        guards.map(|(sk, guard)| (sk.to_owned(), guard["id"].as_str().unwrap().to_owned())).collect();
    assert_eq!(guards, held, "{context}: exactly one guard for each seat and invitation");

    for (sk, member) in &members {
        let user = sk.strip_prefix("MEMBER#").unwrap();
        let note = items.get(&(format!("USER#{user}"), pk.to_owned()));
        assert_eq!(note.map(|note| &note["role"]), Some(&member["role"]), "{context}: the other end of {sk}");
    }

    let records: Vec<_> = of(items, &format!("{pk}#AUDIT"), "").map(|(_, record)| record).collect();
    let number = |action: &str| records.iter().filter(|record| record["action"] == action).count();
    let listed_in = |name: &str| -> usize {
        let changes =
            records.iter().map(|record| serde_json::from_str::<Value>(record["after"].as_str().unwrap()).unwrap());
        changes.map(|after| after[name].as_array().map_or(0, Vec::len)).sum()
    };
    assert_eq!(
        number("workspace.created") + number("member.joined") + number("member.reactivated"),
        members.len() + number("member.removed") + number("member.left"),
        "{context}: one record for each seat taken or given up"
    );
    let ended = ["member.joined", "invitation.declined", "invitation.revoked", "invitation.released"].map(number);
    assert_eq!(
        number("invitation.created"),
        invitations.len()
            + ended.iter().sum::<usize>()
            + listed_in("revoked_invitations")
            + listed_in("released_invitations"),
        "{context}: one record for each invitation made or ended"
    );
}

fn folded(email: &Value) -> String {
    format!("EMAIL#{}", email.as_str().unwrap().to_ascii_lowercase())
}

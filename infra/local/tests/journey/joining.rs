//! Ben is invited, finds the e-mail, and joins.

use crate::client::World;
use local::clock;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};
use std::{collections::BTreeSet, convert::Infallible, thread, time::Duration};

/// Ben's invitation.
pub(crate) struct Invited {
    /// Token of its link.
    pub(crate) token: String,
}

impl Invited {
    pub(crate) fn accept_path(&self) -> String {
        format!("/team/invitations/{}/accept", utf8_percent_encode(&self.token, NON_ALPHANUMERIC))
    }
}

pub(crate) fn an_invitation(world: &World, acme: &str) -> Invited {
    let ben = world.address("Ben");
    let invite = world.post("/team/invite").by(&world.ana).to(acme).json(&json!({ "email": ben, "role": "viewer" }));
    let made = invite.clone().send().ok(201);
    assert!(made.field("id").starts_with("inv_"), "{made:#?}");
    assert_eq!((made.field("email"), made.field("role")), (ben.as_str(), "viewer"));
    let fields = made.body.as_object().unwrap().keys().any(|field| field.contains("token"));
    assert!(!fields && !made.text.contains("invite="), "the answer gives the token away: {made:#?}");
    world.unchanged(|| drop(invite.send().problem(409)));

    let found = clock::wait_for(Duration::from_secs(30), || Ok::<_, Infallible>(link(world, &ben)));
    let link = found.unwrap().expect("an e-mail within half a minute");
    let (origin, encoded) = link.split_once("/signup?invite=").expect("a link to the sign-up page");
    assert_eq!(origin, world.outputs.app_origin);
    let token = percent_decode_str(encoded).decode_utf8().unwrap().into_owned();
    let code = token.rsplit_once('.').expect("a code at the token's end").1;
    assert!(!made.text.contains(code), "the answer gives the code away: {made:#?}");
    Invited { token }
}

/// Finds the link in the only e-mail to this address.
fn link(world: &World, address: &str) -> Option<String> {
    let mails: Value = ureq::get(&world.outputs.mail_url).call().unwrap().body_mut().read_json().unwrap();
    let mails: Vec<&Value> =
        mails["messages"].as_object()?.values().flat_map(|mails| mails.as_array().unwrap()).collect();
    let mine: Vec<&&Value> =
        mails.iter().filter(|mail| mail["To"].as_array().unwrap().contains(&json!(address))).collect();
    assert!(mine.len() <= 1, "more than one e-mail: {mine:#?}");
    let text = mine.first()?["BodyText"].as_str().unwrap();
    let link = text.split_whitespace().find(|word| word.contains("/signup?invite="));
    Some(link.expect("a link in the e-mail").to_owned())
}

pub(crate) fn ten_at_once(world: &World, acme: &str, invited: &Invited) {
    let accept = || world.post(&invited.accept_path()).by(&world.ben).send();
    let answers: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..10).map(|_| scope.spawn(accept)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    // A busy table may refuse some. All others get the one seat.
    let seated: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert!(!seated.is_empty() && seated.iter().all(|answer| answer.body == seated[0].body), "{answers:#?}");
    assert!(answers.iter().all(|answer| matches!(answer.status, 200 | 409)), "{answers:#?}");

    let seen = world.get("/workspace").by(&world.ben).to(acme).send().ok(200);
    assert_eq!(seen.body["member_count"], 2);
    let seats = |item: &&Value| {
        item["pk"]["S"] == format!("WS#{acme}") && item["sk"]["S"].as_str().unwrap().starts_with("MEMBER#")
    };
    assert_eq!(world.table().iter().filter(seats).count(), 2, "one seat each");
    let mine = world.get("/workspaces").by(&world.ben).send().ok(200);
    assert_eq!(
        (&mine.body["workspaces"][0]["id"], &mine.body["workspaces"][0]["role"]),
        (&json!(acme), &json!("viewer"))
    );
}

pub(crate) fn lists_in_pages(world: &World, acme: &str) {
    let page = |query: &str| world.get(&format!("/team/members{query}")).by(&world.ben).to(acme).send().ok(200).body;
    let all = page("");
    let ids: Vec<&str> =
        all["members"].as_array().unwrap().iter().map(|member| member["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids.is_sorted(), "by id: {ids:?}");
    let seats: BTreeSet<String> = all["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| format!("{} {} {}", member["email"], member["full_name"], member["role"]))
        .collect();
    let expected = [r#""ana@example.com" "Ana" "owner""#, r#""ben@example.com" "Ben" "viewer""#];
    assert_eq!(seats, expected.map(str::to_owned).into());

    let first = page("?limit=1");
    assert_eq!(
        (&first["members"][0]["id"], &first["pagination"]["has_more"]),
        (&json!(ids[0]), &json!(true)),
        "{first:#}"
    );
    let second = page(&format!("?limit=1&cursor={}", first["pagination"]["next_cursor"].as_str().unwrap()));
    assert_eq!(second["members"][0]["id"], ids[1]);
    assert_eq!(second["pagination"], json!({ "next_cursor": null, "has_more": false }));
    let viewers = page("?role=viewer");
    assert_eq!(viewers["members"].as_array().unwrap().len(), 1, "{viewers:#}");
}

pub(crate) fn activity(world: &World, acme: &str) {
    let seen = world.get("/team/activity").by(&world.ana).to(acme).send().ok(200);
    let actions: Vec<&str> =
        seen.body["activity"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        ["member.joined", "invitation.created", "workspace.updated", "workspace.created"],
        "newest first"
    );
}

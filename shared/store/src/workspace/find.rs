//! What the operator finds by looking through the table.

use crate::{
    Store,
    runtime::runtimes,
    table::condition::{Condition, Terms},
    table::error::Error,
    table::item::{self, Item, key_of, text},
    table::keys::{self, INVITATION, MEMBER},
    team::invitations,
    team::members,
    workspace::workspaces,
};
use domain::{
    email::Email, ids::WorkspaceId, team::invitation::Invitation, team::member::Member, text::NamePart,
    workspace::sought::TaskId,
};
use std::collections::HashMap;

/// Something that only the items of a workspace show.
#[derive(Debug, Clone, Copy)]
pub enum Trace<'a> {
    /// A member or an invitation has this address.
    Email(&'a Email),
    /// Its name has this part.
    Name(&'a NamePart),
    /// The record of its runtime has this task.
    Task(&'a TaskId),
}

/// A workspace in which something was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// What was found there.
    pub what: What,
}

/// What was found in a workspace.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Its name, or its task.
    Itself,
    /// A member, or a former one.
    Member(Box<Member>),
    /// An invitation.
    Invitation(Box<Invitation>),
}

/// Some of the workspaces in which something was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Sightings {
    /// They, each complete.
    pub found: Vec<Sighting>,
    /// Behind which workspace the search goes on; `None` at the end of the table.
    pub next: Option<WorkspaceId>,
}

impl Store {
    /// Looks for `trace` behind the workspace `after`, in an order of the table's own, until a workspace is passed.
    ///
    /// Besides [`Store::some_workspaces`] this is the only scan, and the operator alone makes it. An item that cannot be read is
    /// passed over: it must not hide the others.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn sightings(&self, trace: Trace<'_>, after: Option<WorkspaceId>) -> Result<Sightings, Error> {
        let place = |id: WorkspaceId| HashMap::from(item::place(&keys::workspace(id)));
        let (mut start, mut pending, mut found, mut passed) = (after.map(place), Vec::new(), Vec::new(), None);
        loop {
            let mut terms = Terms::default();
            let filter = trace.filter(&mut terms);
            let page = self.look_through(filter, &terms, start).await?;
            for item in page.items() {
                pending.extend(trace.seen_in(item));
                // Within a partition the head comes behind members and invitations, and before the runtime. Whatever is behind
                // the last head of all is looked through again, so it is not given out yet.
                if is_head(item) {
                    passed = keys::workspace_of(item);
                    found.append(&mut pending);
                }
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                found.append(&mut pending);
                return Ok(Sightings { found, next: None });
            }
            if passed.is_some() {
                return Ok(Sightings { found, next: passed });
            }
        }
    }
}

fn is_head(item: &Item) -> bool {
    key_of(item).zip(keys::workspace_of(item)).is_some_and(|(key, workspace)| key == keys::workspace(workspace))
}

impl Trace<'_> {
    /// What of the table it takes to find it, and the heads that the search goes on behind.
    fn filter(self, terms: &mut Terms) -> String {
        let of_workspace = format!("begins_with({}, {})", terms.name("pk"), terms.value(text("WS#")));
        let mut begins = |prefix: &str| format!("begins_with({}, {})", terms.name("sk"), terms.value(text(prefix)));
        let mut kinds = match self {
            Self::Email(_) => vec![begins(MEMBER), begins(INVITATION)],
            Self::Name(_) => Vec::new(),
            Self::Task(_) => vec![begins("RUNTIME")],
        };
        kinds.push(Condition::Equals("sk", text("META")).expression(terms));
        format!("{of_workspace} AND ({})", kinds.join(" OR "))
    }

    /// What `item` shows of it.
    fn seen_in(self, item: &Item) -> Option<Sighting> {
        let (workspace, key) = (keys::workspace_of(item)?, key_of(item)?);
        let what = match self {
            Self::Email(email) if key.sk.starts_with(MEMBER) => {
                let member = members::parse(item).ok().filter(|member| member.email.as_ref() == Some(email))?;
                What::Member(Box::new(member))
            }
            Self::Email(email) => {
                let offer = invitations::parse(item).ok().filter(|invitation| invitation.email == *email)?;
                What::Invitation(Box::new(offer))
            }
            Self::Name(part) => {
                workspaces::parse(item).ok().filter(|workspace| part.is_in(workspace))?;
                What::Itself
            }
            Self::Task(task) => {
                runtimes::parse(item).ok().filter(|runtime| task.is_of(runtime))?;
                What::Itself
            }
        };
        Some(Sighting { workspace, what })
    }
}

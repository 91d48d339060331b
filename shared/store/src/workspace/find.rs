//! Searches of the operator through the table.

use crate::{
    Store,
    partitions::ItemKind,
    runtime::runtimes,
    table::error::Error,
    table::item::{self, Item, kind_of},
    table::keys,
    team::invitations,
    team::members,
    workspace::workspaces,
};
use domain::{
    email::Email, ids::WorkspaceId, team::invitation::Invitation, team::member::Member, text::NamePart,
    workspace::search::TaskId,
};
use std::collections::HashMap;

/// A property that only the items of a workspace show.
#[derive(Debug, Clone, Copy)]
pub enum Criterion<'a> {
    /// The address of a member or an invitation.
    Email(&'a Email),
    /// A part of the workspace's name.
    Name(&'a NamePart),
    /// The task in the record of its runtime.
    Task(&'a TaskId),
}

/// A workspace that matches a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The match.
    pub kind: MatchKind,
}

/// Kind of a match in a workspace.
#[derive(Debug, Clone, PartialEq)]
pub enum MatchKind {
    /// The workspace's name or task.
    Itself,
    /// A member, or a former one.
    Member(Box<Member>),
    /// An invitation.
    Invitation(Box<Invitation>),
}

/// Some of the workspaces that match a search.
#[derive(Debug, Clone, PartialEq)]
pub struct Matches {
    /// The matches, complete for each workspace.
    pub found: Vec<Match>,
    /// Workspace after which the search continues; `None` at the end of the table.
    pub next: Option<WorkspaceId>,
}

impl Store {
    /// Searches for `trace` after the workspace `after`, in the table's own order, until at least one workspace was
    /// passed.
    ///
    /// This, [`Store::list_workspaces`] and [`Store::search_seats`] are the only scans; the first two are the operator's,
    /// and the last is for deleted accounts. An item that cannot be read is skipped, so that it does not hide the others.
    pub async fn find_workspaces(&self, trace: Criterion<'_>, after: Option<WorkspaceId>) -> Result<Matches, Error> {
        let place = |id: WorkspaceId| HashMap::from(item::place(&keys::workspace(id)));
        let (mut start, mut pending, mut found, mut passed) = (after.map(place), Vec::new(), Vec::new(), None);
        loop {
            let page = self.scan_page(trace.kinds(), start).await?;
            for item in page.items() {
                pending.extend(trace.seen_in(item));
                // Within a partition the head comes after members and invitations, and before the runtime. Items after
                // the last head are searched again, so their matches are not given out yet.
                if kind_of(item) == Some(ItemKind::Workspace) {
                    passed = keys::workspace_of(item);
                    found.append(&mut pending);
                }
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                found.append(&mut pending);
                return Ok(Matches { found, next: None });
            }
            if passed.is_some() {
                return Ok(Matches { found, next: passed });
            }
        }
    }
}

impl Criterion<'_> {
    /// Returns the kinds of items that show the trace, and the heads, after which the search continues.
    const fn kinds(self) -> &'static [ItemKind] {
        match self {
            Self::Email(_) => &[ItemKind::Member, ItemKind::Invitation, ItemKind::Workspace],
            Self::Name(_) => &[ItemKind::Workspace],
            Self::Task(_) => &[ItemKind::Runtime, ItemKind::Workspace],
        }
    }

    /// Returns the match in `item`, if there is one.
    fn seen_in(self, item: &Item) -> Option<Match> {
        let (workspace, kind) = (keys::workspace_of(item)?, kind_of(item)?);
        let what = match self {
            Self::Email(email) if kind == ItemKind::Member => {
                let member = members::parse(item).ok().filter(|member| member.email.as_ref() == Some(email))?;
                MatchKind::Member(Box::new(member))
            }
            Self::Email(email) => {
                let offer = invitations::parse(item).ok().filter(|invitation| invitation.email == *email)?;
                MatchKind::Invitation(Box::new(offer))
            }
            Self::Name(part) => {
                workspaces::parse(item).ok().filter(|workspace| part.is_in(workspace))?;
                MatchKind::Itself
            }
            Self::Task(task) => {
                runtimes::parse(item).ok().filter(|runtime| task.is_of(runtime))?;
                MatchKind::Itself
            }
        };
        Some(Match { workspace, kind: what })
    }
}

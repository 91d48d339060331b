//! The doctor's recount of allowances: compares users' lists of free workspaces and containers with the stored
//! workspace.
//!
//! An entry of a workspace that is paid for, or whose container has stopped, is not a difference: such entries stay
//! until their place is needed, and do not count until then.

use crate::{
    billing::subscription::Standing,
    doctor::{Difference, DifferenceCode, Repair, WorkspaceSnapshot},
    identity::access::Role,
    ids::UserId,
    runtime::record::Runtime,
    team::member::Member,
    workspace::allowance::Allowance,
};
use serde_json::json;
use std::collections::BTreeMap;

/// The facts that decide on the entries of one workspace.
#[derive(Debug, Clone)]
pub struct Recount<'a> {
    /// Stored facts about the workspace.
    pub stored: &'a WorkspaceSnapshot,
    /// Standing of the workspace.
    pub standing: Standing,
    /// Runtime of the workspace.
    pub runtime: &'a Runtime,
    /// The allowances that were read, by user: those of [`WorkspaceSnapshot::holder`] and [`Self::container_holder`], and
    /// any others to check.
    pub allowances: &'a BTreeMap<UserId, Allowance>,
}

/// An allowance to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recounted {
    /// The user.
    pub user: UserId,
    /// The allowance as it was read.
    pub before: Allowance,
    /// The allowance as it should be.
    pub next: Allowance,
}

impl WorkspaceSnapshot {
    /// The user whose free workspaces include this one: the one named by the head, as long as they own the workspace;
    /// otherwise the owner who has been a member for longest.
    #[must_use]
    pub fn holder(&self) -> Option<UserId> {
        let owners = || self.members.iter().filter(|member| member.active_role() == Some(Role::Owner));
        let named = owners().find(|member| Some(member.user) == self.workspace.held_by);
        named.or_else(|| owners().min_by_key(|member| (member.created_at, member.user))).map(|member| member.user)
    }
}

impl Recount<'_> {
    /// The user whose free containers include this one: the one who started it, as long as they are a member.
    fn container_holder(&self) -> Option<UserId> {
        let holder = self.runtime.held_by.or(self.runtime.requested_by)?;
        let is_member = |member: &&Member| member.user == holder && member.is_active();
        self.stored.members.iter().find(is_member).map(|member| member.user)
    }

    /// Compares the lists with their expected entries; returns the differences and the allowances that repair them.
    #[must_use]
    pub fn examined(&self) -> (Vec<Difference>, Vec<Recounted>) {
        let (mut differences, mut recounted) = (Vec::new(), Vec::new());
        for (user, before) in self.allowances {
            let mut next = before.clone();
            if let Some(difference) = self.workspace_entry(*user, &mut next) {
                differences.push(difference);
            }
            if let Some(difference) = self.container_entry(*user, &mut next) {
                differences.push(difference);
            }
            if next != *before {
                recounted.push(Recounted { user: *user, before: before.clone(), next });
            }
        }
        (differences, recounted)
    }

    fn workspace_entry(&self, user: UserId, next: &mut Allowance) -> Option<Difference> {
        let workspace = &self.stored.workspace;
        let holds = self.stored.holder() == Some(user);
        // The workspace is personal only for the user that it was created for.
        let counts = holds && !(workspace.personal && workspace.held_by == Some(user));
        let is_listed = next.free_workspaces.contains(&workspace.id);
        match (is_listed, counts && self.standing.is_free()) {
            (false, true) => next.free_workspaces.push(workspace.id),
            (true, false) if !counts => *next = next.without_workspace(workspace.id),
            (true, _) | (false, false) => return None,
        }
        Some(difference(DifferenceCode::FreeWorkspaceList, user, is_listed))
    }

    fn container_entry(&self, user: UserId, next: &mut Allowance) -> Option<Difference> {
        let workspace = self.stored.workspace.id;
        let runs = self.runtime.state.has_container() && self.standing.is_free();
        if !runs || self.container_holder() != Some(user) || next.free_containers.contains(&workspace) {
            return None;
        }
        next.free_containers.push(workspace);
        Some(difference(DifferenceCode::FreeContainerList, user, false))
    }
}

fn difference(code: DifferenceCode, user: UserId, is_listed: bool) -> Difference {
    let (recorded, found) = (json!(is_listed), json!(!is_listed));
    Difference { code, subject: user.to_string(), recorded, found, repair: Some(Repair::Done) }
}

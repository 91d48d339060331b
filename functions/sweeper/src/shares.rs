//! The shares of workspaces in a sweep of one bucket. A few items of each workspace come first, so that a workspace with
//! thousands delays no other. Of the remaining items only the places are kept until the whole bucket has been read; then the
//! workspaces take turns.

use domain::ids::WorkspaceId;
use std::collections::{HashMap, VecDeque};
use store::due::{Due, PAGE, Place};

/// The number of items of a workspace that are handled before those of the others.
pub const SHARE: usize = 5;

/// The maximum number of waiting places. Further items are left in the index, for the next minute.
const MOST_WAITING: usize = 5_000;

/// The shares in one bucket.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    acted: HashMap<WorkspaceId, usize>,
    waiting: HashMap<WorkspaceId, VecDeque<Place>>,
    /// The workspaces in `waiting`, in the order of their turns.
    order: VecDeque<WorkspaceId>,
    count: usize,
}

impl Shares {
    /// Returns the item if its workspace's share is not used up; otherwise keeps its place.
    pub(crate) fn admit(&mut self, place: Place, thing: Due) -> Option<Due> {
        let Some(workspace) = thing.workspace() else { return Some(thing) };
        let acted = self.acted.entry(workspace).or_default();
        if *acted < SHARE {
            *acted += 1;
            return Some(thing);
        }
        if self.count < MOST_WAITING {
            self.count += 1;
            let waiting = self.waiting.entry(workspace).or_default();
            if waiting.is_empty() {
                self.order.push_back(workspace);
            }
            waiting.push_back(place);
        }
        None
    }

    /// Returns the next waiting places, at most a page of them and a share of each workspace; empty once none is left. The due
    /// items of a workspace mostly change the same records, so that many at once would only conflict.
    pub(crate) fn next(&mut self) -> Vec<Place> {
        let mut places = Vec::with_capacity(PAGE);
        for _ in 0..self.order.len().min(PAGE / SHARE) {
            let Some(workspace) = self.order.pop_front() else { break };
            let Some(mut waiting) = self.waiting.remove(&workspace) else { continue };
            let share = SHARE.min(waiting.len());
            places.extend(waiting.drain(..share));
            if !waiting.is_empty() {
                self.waiting.insert(workspace, waiting);
                self.order.push_back(workspace);
            }
        }
        places
    }
}

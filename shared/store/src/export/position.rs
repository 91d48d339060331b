//! Positions in an export, which clients keep in cursors.

use super::kinds::parts;
use crate::partitions::WorkspacePartition;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use std::{fmt, str::FromStr};

/// Largest sort key of the table, in bytes.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>
const MAX_SORT_KEY: usize = 1024;

/// Position in an export: a partition, and the sort key after which the export continues there. It has no workspace, so
/// a page stays within the partitions of the caller's workspace, whatever position a client sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportPosition {
    pub(super) within: WorkspacePartition,
    /// `None` at the beginning of the partition.
    pub(super) after: Option<String>,
}

/// The text is not a position in an export.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not a position in an export")]
pub struct InvalidPosition;

impl ExportPosition {
    /// Returns the position of the first page.
    pub(super) const fn first() -> Self {
        Self::beginning(WorkspacePartition::Own)
    }

    /// Returns the position at the beginning of a partition.
    pub(super) const fn beginning(within: WorkspacePartition) -> Self {
        Self { within, after: None }
    }
}

/// The sort key is encoded because a cursor separates its parts by dots.
impl fmt::Display for ExportPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { within, after } = self;
        write!(f, "{}-{}", within.name(), URL_SAFE_NO_PAD.encode(after.as_deref().unwrap_or_default()))
    }
}

impl FromStr for ExportPosition {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        let (name, after) = text.split_once('-').ok_or(InvalidPosition)?;
        let within = parts().find(|partition| partition.name() == name).ok_or(InvalidPosition)?;
        let after = URL_SAFE_NO_PAD.decode(after).map_err(|_| InvalidPosition)?;
        let after = String::from_utf8(after).map_err(|_| InvalidPosition)?;
        if after.len() > MAX_SORT_KEY {
            return Err(InvalidPosition);
        }
        Ok(Self { within, after: Some(after).filter(|key| !key.is_empty()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// The sample is also opened by the test of cursors in `api`. It is never edited.
    #[test]
    fn positions_held_by_clients_stay_valid() {
        let samples: Value = serde_json::from_str(include_str!("../../../samples/cursors.json")).unwrap();
        let text = samples["export"]["id"].as_str().unwrap();
        let position = ExportPosition {
            within: WorkspacePartition::Own,
            after: Some("MEMBER#usr_7WFGZY99RDMZNKV7H81RRVWZSA".to_owned()),
        };
        assert_eq!((text.parse(), position.to_string().as_str()), (Ok(position), text));
    }

    #[test]
    fn each_part_has_a_beginning() {
        for partition in parts() {
            let beginning = ExportPosition::beginning(partition);
            assert_eq!(beginning.to_string().parse(), Ok(beginning));
        }
        assert_eq!(parts().next(), Some(ExportPosition::first().within));
    }

    #[test]
    fn other_texts_are_refused() {
        let long = format!("own-{}", URL_SAFE_NO_PAD.encode("x".repeat(MAX_SORT_KEY + 1)));
        for text in ["", "own", "other-", "pace-", "own-=", "own-_w", "OWN-", "own-TUVUQQ==", &long] {
            assert_eq!(text.parse::<ExportPosition>(), Err(InvalidPosition), "{text}");
        }
    }
}

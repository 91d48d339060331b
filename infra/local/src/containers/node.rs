//! The Node that runs them.

use crate::{Error, Result, programs::node};
use std::{env, path::PathBuf};

/// The oldest that the image's package takes.
const OLDEST: u32 = 20;

/// A Node that is new enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node(pub PathBuf);

impl Node {
    /// The one that the variable NODE names, else the one in the path.
    ///
    /// # Errors
    /// [`Error::NodeMissing`].
    pub fn find() -> Result<Self> {
        Self::at(env::var_os("NODE").map_or_else(|| "node".into(), PathBuf::from))
    }

    /// The one called `program`, which is then known by its whole path.
    ///
    /// # Errors
    /// [`Error::NodeMissing`].
    pub fn at(program: PathBuf) -> Result<Self> {
        let missing = |found: String| Error::NodeMissing { found };
        let node = node::ask(&program).map_err(missing)?;
        let (major, _) = node.version;
        if major >= OLDEST {
            Ok(Self(node.path))
        } else {
            Err(missing(format!("{} at {}", node.text, node.path.display())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_node_it_is_told_what_to_do() {
        for (program, found) in
            [("no-such-node", "no program called no-such-node"), ("echo", "which does not tell its version")]
        {
            let told = Node::at(program.into()).unwrap_err().to_string();
            assert!(told.contains(found) && told.contains("Node 20 or newer"), "{told}");
        }
    }
}

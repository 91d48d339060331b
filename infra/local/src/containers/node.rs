//! Node for the containers' processes.

use crate::{Error, Result, programs::node};
use std::{env, path::PathBuf};

/// Oldest major version that the image's package supports.
const OLDEST: u32 = 20;

/// Node of a supported version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node(pub PathBuf);

impl Node {
    /// Finds the Node that the variable NODE names, else the one in the path.
    ///
    /// # Errors
    /// [`Error::NodeMissing`] if it is missing or too old.
    pub fn find() -> Result<Self> {
        Self::at(env::var_os("NODE").map_or_else(|| "node".into(), PathBuf::from))
    }

    /// Checks the Node called `program` and resolves its absolute path.
    ///
    /// # Errors
    /// [`Error::NodeMissing`] if it is missing or too old.
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
    fn without_node_the_message_says_what_to_install() {
        for (program, found) in
            [("no-such-node", "no program called no-such-node"), ("echo", "which does not print a version")]
        {
            let message = Node::at(program.into()).unwrap_err().to_string();
            assert!(message.contains(found) && message.contains("Node 20 or newer"), "{message}");
        }
    }
}

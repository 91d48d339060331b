//! What callers are called in their workspaces, and what they may do there.

mod access;
mod names;

//! The names and the permissions of callers in their workspaces.

mod access;
mod addresses;
mod names;

//! Workspaces and their settings.

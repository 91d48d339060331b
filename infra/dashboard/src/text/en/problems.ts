export const problems = {
  already_owner: "This member is an owner already.",
  free_container_limit_reached: "You run as many containers of free workspaces as a person may. Stop one of them, or upgrade its workspace.",
  free_workspace_limit_reached: "The limit of free workspaces for one person is reached. Upgrade, delete or hand over one of them, then try again.",
  idempotency_key_reused: "This was sent before with other contents. Reload the page and try again.",
  invalid_request: "Something in the form is not right. Look at the marked fields.",
  runtime_changed: "The container is being changed by others. Try again.",
  too_many_commands: "Too many commands came one after the other. Wait a moment and try again.",
  workspace_changed: "Others are changing the workspace right now. Try again.",
  workspace_has_members: "The workspace has other members. Look at their number again, then delete it for all of them.",
  workspace_not_found: "This workspace is gone, or you are no longer a member of it.",
  workspace_version_mismatch: "Somebody else changed the workspace in the meantime.",
};

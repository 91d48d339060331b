//! The routes of the function `notifications`.

use crate::{
    NotificationDeps,
    requests::{Marking, NotificationFilter, NotificationPath, PreferencesBody, ReadSelection},
};
use api::{
    Listing, PageParams, Pagination, Problem, WorkspaceBody, WorkspaceInput, WorkspacePathBody, WorkspaceQuery,
    operations,
};
use axum::{Json, extract::State};
use domain::{
    command::Reply,
    ids::{NotificationId, WorkspaceId},
};
use http::StatusCode;
use serde::Serialize;
use shared::{
    live::{self, TicketView},
    notifications::{self, InboxCountsView, MarkedView, NotificationView, PreferencesView},
};
use utoipa::ToSchema;
use workers::live::push_inbox;

operations!(
    NotificationDeps: list, unread_count, mark, mark_all_read, delete, read_preferences, set_preferences, issue_ticket
);

/// A page of notifications.
#[derive(Debug, Serialize, ToSchema)]
struct NotificationPage {
    /// Notifications of this page, newest first.
    notifications: Vec<NotificationView>,
    /// The counts of the whole inbox.
    #[serde(flatten)]
    counts: InboxCountsView,
    /// Position of the next page.
    pagination: Pagination,
}

/// List your notifications
///
/// Returns the caller's notifications in this workspace, newest first, for about three months. Notifications that the
/// caller's present role may not see are left out, and so are deleted ones. A page may be short although more follow, since
/// at most 200 notifications are read for a page with a filter. The counts are of the whole inbox.
#[utoipa::path(get, path = "/notifications", operation_id = "list_notifications", tag = "notifications",
    params(("X-Workspace-ID" = WorkspaceId, Header), NotificationFilter, PageParams),
    responses((status = OK, body = NotificationPage)))]
async fn list(
    State(NotificationDeps { store, .. }): State<NotificationDeps>,
    input: WorkspaceQuery<Listing<NotificationFilter, NotificationId>>,
) -> Result<Json<NotificationPage>, Problem> {
    let (filter, page) = ((&input.query.filter).into(), input.query.page);
    let (page, counts) =
        notifications::list_notifications(&store, &input.caller, input.workspace, filter, page).await?;
    let pagination = input.query.pagination(&page);
    Ok(Json(NotificationPage { notifications: page.items, counts, pagination }))
}

/// Count your unread notifications
///
/// Returns the number of unread notifications that the caller's present role may see, in total and by type. It is the number
/// of notifications that a list shows as unread.
#[utoipa::path(get, path = "/notifications/unread-count", operation_id = "count_unread_notifications",
    tag = "notifications",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = InboxCountsView)))]
async fn unread_count(
    State(NotificationDeps { store, .. }): State<NotificationDeps>,
    input: WorkspaceInput,
) -> Result<Json<InboxCountsView>, Problem> {
    Ok(Json(notifications::read_counts(&store, &input.caller, input.workspace).await?))
}

/// Mark a notification
///
/// Marks the notification as read, or with `read: false` as unread again. Returns it with the counts afterwards. One that is
/// as wanted stays as it is.
///
/// Refused with 404 `notification_not_found` if the caller has no such notification, and with 409 `inbox_changed` if
/// other changes of the inbox came first; send the request again.
#[utoipa::path(patch, path = "/notifications/{id}/read", operation_id = "mark_notification", tag = "notifications",
    params(("id" = NotificationId, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = Marking,
    responses((status = OK, body = MarkedView)))]
async fn mark(
    State(NotificationDeps { store, live, .. }): State<NotificationDeps>,
    input: WorkspacePathBody<NotificationPath, Marking>,
) -> Result<Json<MarkedView>, Problem> {
    let (id, state) = (input.path.id, input.body.state());
    let marked = notifications::mark_notification(&store, &input.caller, input.workspace, id, state).await?;
    push_inbox(&live, input.workspace, input.caller.user(), None).await;
    Ok(Json(marked))
}

/// Mark all notifications as read
///
/// Marks all of the caller's notifications as read that their present role may see, or those of one type. Returns the counts
/// afterwards. It is one write, however many there are.
///
/// Refused with 409 `inbox_changed` if other changes of the inbox came first; send the request again.
#[utoipa::path(post, path = "/notifications/mark-all-read", operation_id = "mark_all_notifications_read",
    tag = "notifications",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = ReadSelection,
    responses((status = OK, body = InboxCountsView)))]
async fn mark_all_read(
    State(NotificationDeps { store, live, .. }): State<NotificationDeps>,
    input: WorkspaceBody<ReadSelection>,
) -> Result<Json<Reply<InboxCountsView>>, Problem> {
    let (kind, command) = (input.body.kind, input.command.as_ref());
    let marked = notifications::mark_all_read(&store, &input.caller, input.workspace, kind, command).await?;
    push_inbox(&live, input.workspace, input.caller.user(), None).await;
    Ok(Json(marked))
}

/// Delete a notification
///
/// Deletes the notification from the caller's inbox, for good: an event that is reported again does not bring it back. The
/// answer is the same for one that was deleted before, or never existed.
///
/// Refused with 409 `inbox_changed` if other changes of the inbox came first; send the request again.
#[utoipa::path(delete, path = "/notifications/{id}", operation_id = "delete_notification", tag = "notifications",
    params(("id" = NotificationId, Path), ("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = NO_CONTENT)))]
async fn delete(
    State(NotificationDeps { store, live, .. }): State<NotificationDeps>,
    input: WorkspaceInput<NotificationPath>,
) -> Result<StatusCode, Problem> {
    notifications::delete_notification(&store, &input.caller, input.workspace, input.path.id).await?;
    push_inbox(&live, input.workspace, input.caller.user(), None).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Read your notification preferences
///
/// Returns the caller's preferences in this workspace: for each type, whether it is in the inbox, and when it is mailed; and
/// quiet hours. Types are on until they are turned off.
#[utoipa::path(get, path = "/notifications/preferences", operation_id = "read_notification_preferences",
    tag = "notifications",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = PreferencesView)))]
async fn read_preferences(
    State(NotificationDeps { store, .. }): State<NotificationDeps>,
    input: WorkspaceInput,
) -> Result<Json<PreferencesView>, Problem> {
    Ok(Json(notifications::read_preferences(&store, &input.caller, input.workspace).await?))
}

/// Change your notification preferences
///
/// Changes the caller's preferences in this workspace: types in the inbox, types that are mailed, and quiet hours in the time
/// zone of the profile. It applies to events from now on.
///
/// Refused with 422 `notification_type_locked` if the caller's role cannot turn a type off: owners are always notified of
/// `system` and `billing`, also by mail. Refused with 409 `preferences_changed` if other changes came first; send the request again.
#[utoipa::path(post, path = "/notifications/preferences", operation_id = "set_notification_preferences",
    tag = "notifications",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    request_body = PreferencesBody,
    responses((status = OK, body = PreferencesView)))]
async fn set_preferences(
    State(NotificationDeps { store, .. }): State<NotificationDeps>,
    input: WorkspaceBody<PreferencesBody>,
) -> Result<Json<Reply<PreferencesView>>, Problem> {
    let changes = input.body.checked().map_err(Problem::fields)?;
    let command = input.command.as_ref();
    Ok(Json(notifications::set_preferences(&store, &input.caller, input.workspace, &changes, command).await?))
}

/// Get a ticket for a live connection
///
/// Returns a ticket with which the caller opens a WebSocket within half a minute: `url?ticket=…`. It opens one. The connection
/// gets what happens in the caller's inbox of this workspace until five minutes after the ID token of this request expires.
#[utoipa::path(post, path = "/notifications/ticket", operation_id = "issue_live_ticket", tag = "notifications",
    params(("X-Workspace-ID" = WorkspaceId, Header)),
    responses((status = OK, body = TicketView)))]
async fn issue_ticket(
    State(NotificationDeps { store, key, url, .. }): State<NotificationDeps>,
    input: WorkspaceInput,
) -> Result<Json<TicketView>, Problem> {
    Ok(Json(live::issue_ticket(&store, &key, &url, &input.caller, input.workspace).await?))
}

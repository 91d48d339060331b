// Changes of an inbox on their way: what a list shows of them before the API has answered, and afterwards.

import type { Schemas } from "../types";
import type { NotificationType } from "./counts";

export type Notification = Schemas["Notification"];

export type Change =
  | { kind: "mark"; id: string; read: boolean }
  | { kind: "delete"; id: string }
  | { kind: "mark_all"; type: NotificationType | undefined };

/** The notification after the change; nothing if it is deleted. */
export function changed(notification: Notification, change: Change, at: string): Notification | undefined {
  switch (change.kind) {
    case "mark":
      if (change.id !== notification.id) return notification;
      return { ...notification, read_at: change.read ? (notification.read_at ?? at) : null };
    case "delete":
      return change.id === notification.id ? undefined : notification;
    case "mark_all":
      if (change.type !== undefined && change.type !== notification.type) return notification;
      return { ...notification, read_at: notification.read_at ?? at };
  }
}

/** The notifications after the changes, in the order in which they were made. */
export function withChanges(notifications: readonly Notification[], changes: readonly Change[], at: string): Notification[] {
  return notifications.flatMap((notification) => {
    let left: Notification | undefined = notification;
    for (const change of changes) left = left && changed(left, change, at);
    return left ? [left] : [];
  });
}

/** Each notification once. A page that was read later than the one before can repeat some. */
export function distinct(notifications: readonly Notification[]): Notification[] {
  return [...new Map(notifications.map((notification) => [notification.id, notification])).values()];
}

/**
 * The version that a list is of after an own change was applied to it. Only if nothing else changed in between: otherwise the list is
 * behind, and is read again.
 */
export function follow(listed: number, answered: number): number {
  return answered === listed + 1 ? answered : listed;
}

/** Which notification has the focus after `id` was deleted: the next one, else the one before. */
export function neighbour(ids: readonly string[], id: string): string | undefined {
  const place = ids.indexOf(id);
  return place < 0 ? undefined : (ids[place + 1] ?? ids[place - 1]);
}

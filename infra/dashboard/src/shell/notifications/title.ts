// The title of the browser's tab: the page, after the number of unread notifications.

import { short } from "./short";

let page: string | undefined;
let unread = 0;

function show() {
  page ??= document.title;
  document.title = unread > 0 ? `(${short(unread)}) ${page}` : page;
}

export function setTitle(title: string): void {
  page = title;
  show();
}

export function setUnread(count: number): void {
  unread = count;
  show();
}

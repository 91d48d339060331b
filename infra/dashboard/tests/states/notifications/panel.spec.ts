import { expect, test } from "@playwright/test";
import { NAMES } from "../parts";
import { open, seen, seenEverywhere, WORKSPACE } from "../stage";
import { bell, entries, entry, Inbox, json, notification, panel, PATH, show } from "./inbox";

const problemTitle = "“⁨Payment failed⁩” was not";

test("it_shows_what_happened", async ({ page }) => {
  await open(page, PATH, Inbox.of(60, 4).answers());
  await bell(page).click();
  await expect(panel(page).getByRole("heading", { name: "Notifications" })).toBeFocused();
  await expect(bell(page)).toHaveAttribute("aria-expanded", "true");
  await expect(entries(page).first()).toBeVisible();
  const first = entry(page, "Payment failed");
  await expect(first.getByRole("link")).toHaveAccessibleName("Unread. Error: Payment failed");
  await expect(first.getByRole("link")).toHaveAccessibleDescription(/^Pay the invoice in time: .* Billing · 4 minutes ago$/);
  await expect(first.getByRole("time")).toHaveAttribute("title", /Nov 28, 2026, 10:56.* \(Europe\/Berlin\) · .*9:56.* UTC/);
  await expect(entries(page).nth(4).getByRole("link")).toHaveAccessibleName("Error: Integration disabled");
  await seenEverywhere(page, "notifications");
  await page.setViewportSize({ width: 640, height: 450 });
  await expect(panel(page).getByRole("button", { name: "Mark all as read" }), "the foot stays in a low window").toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.keyboard.press("Escape");
  await expect(panel(page)).toBeHidden();
  await expect(bell(page)).toBeFocused();
});

test("it_is_read_at_320_pixels_with_long_words_and_without_motion", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.setViewportSize({ width: 320, height: 640 });
  const inbox = new Inbox([
    notification(0, { title: NAMES.long, body: `${NAMES.long} ${NAMES.emoji}` }),
    notification(1, { title: NAMES.rtl, body: NAMES.script }),
    notification(4, { read_at: null }),
  ]);
  await open(page, PATH, inbox.answers(), { language: "de" });
  await page.getByRole("button", { name: "Mitteilungen: 3 ungelesen" }).click();
  await expect(page.getByRole("dialog", { name: "Mitteilungen" }).getByRole("listitem")).toHaveCount(3);
  expect(await page.evaluate(() => document.querySelector("dialog[open] [role=tabpanel]")!.scrollWidth)).toBeLessThanOrEqual(320);
  await seen(page, "notifications-narrow");
  await page.setViewportSize({ width: 1280, height: 900 });
  await seen(page, "notifications-german");
});

test("an_empty_inbox_says_what_will_be_there", async ({ page }) => {
  await open(page, PATH, new Inbox([]).answers());
  await bell(page).click();
  await expect(panel(page).getByText("No notifications yet")).toBeVisible();
  await expect(panel(page).getByRole("button", { name: "Mark all as read" })).toHaveAccessibleDescription("Nothing is unread.");
  await seenEverywhere(page, "notifications-empty");
  await panel(page).getByRole("tab", { name: "Unread" }).click();
  await expect(panel(page).getByText("You have read everything")).toBeVisible();
  await seen(page, "notifications-empty-unread");
  await panel(page).getByRole("combobox", { name: "Type" }).selectOption("Team");
  await panel(page).getByRole("tab", { name: "All" }).click();
  await expect(panel(page).getByText("Nothing about “Team”")).toBeVisible();
});

test("loading_and_failure_keep_their_place", async ({ page }) => {
  const inbox = Inbox.of(3, 1);
  const answers = inbox.answers();
  let release = () => {};
  const released = new Promise<void>((done) => (release = done));
  let down = true;
  await open(page, PATH, {
    ...answers,
    "GET /notifications": async (route) => {
      await released;
      return down ? json(route, { code: "unavailable", detail: "no", instance: "req-0123456789" }, 503) : (answers["GET /notifications"] as (r: typeof route) => Promise<void>)(route);
    },
  });
  await bell(page).click();
  await expect(panel(page).getByRole("status", { name: "Loading" })).toBeVisible();
  await seenEverywhere(page, "notifications-loading");
  release();
  await expect(panel(page).getByRole("alert")).toContainText("The service does not answer at the moment.");
  await expect(panel(page).getByRole("alert")).toContainText("req-0123456789");
  await seenEverywhere(page, "notifications-failed");
  down = false;
  await panel(page).getByRole("button", { name: "Try again" }).click();
  await expect(entries(page)).toHaveCount(3);
});

test("the_list_goes_on_over_short_and_empty_pages_to_its_end", async ({ page }) => {
  const inbox = Inbox.of(65, 0);
  inbox.sizes = [6, 0, 2, 20];
  const asked = await open(page, PATH, inbox.answers());
  await bell(page).click();
  await expect(entries(page), "the first page fills less than the panel").not.toHaveCount(6);
  const list = () => asked.filter(({ method, path }) => method === "GET" && path === "/notifications").length;
  await expect.poll(list).toBe(4);
  await expect(entries(page)).toHaveCount(28);
  inbox.refusals = [["GET", 500, "internal"], ["GET", 500, "internal"], ["GET", 500, "internal"]];
  await entries(page).last().scrollIntoViewIfNeeded();
  await expect(panel(page).getByRole("alert")).toBeVisible();
  await expect(entries(page)).toHaveCount(28);
  await panel(page).getByRole("alert").getByRole("button", { name: "Try again" }).scrollIntoViewIfNeeded();
  await expect(panel(page).getByRole("alert")).toBeInViewport();
  await seen(page, "notifications-page-failed");
  await panel(page).getByRole("button", { name: "Try again" }).click();
  await expect(entries(page)).toHaveCount(48);
  await entries(page).last().scrollIntoViewIfNeeded();
  await expect(entries(page)).toHaveCount(65);
  await expect(panel(page).getByRole("status", { name: "Loading" })).toHaveCount(0);
});

test("an_entry_opens_its_page_and_is_read", async ({ page }) => {
  const inbox = Inbox.of(6, 2);
  const asked = await open(page, PATH, { ...inbox.answers(), "GET /billing/usage": { delay: 60_000 }, "GET /billing/config": { delay: 60_000 } });
  await bell(page).click();
  await entry(page, "Payment failed").click();
  await expect(page).toHaveURL(`/w/${WORKSPACE}/settings/billing`);
  await expect(panel(page)).toBeHidden();
  await expect(page).toHaveTitle("(1) Billing · Acme");
  expect(asked.filter(({ method }) => method === "PATCH").map(({ path, body }) => [path.split("/")[3], body])).toEqual([["read", { read: true }]]);
  await bell(page).click();
  await expect(entry(page, "Payment failed").getByRole("link")).toHaveAccessibleName("Error: Payment failed");
});

test("an_address_elsewhere_is_not_opened", async ({ page }) => {
  const links = ["https://example.com/w/x", "//example.com/w/x", "/account", "javascript:alert(1)"];
  const inbox = new Inbox(links.map((link, place) => notification(place, { link })));
  await open(page, PATH, inbox.answers());
  await bell(page).click();
  await expect(entries(page)).toHaveCount(4);
  await expect(entries(page).getByRole("link")).toHaveCount(0);
  await entries(page).first().getByRole("button", { name: "Unread. Error: Payment failed" }).click();
  await expect(page).toHaveTitle("(3) General · Acme");
  await expect(page).toHaveURL(PATH);
  await expect(panel(page)).toBeVisible();
});

test("a_mark_shows_at_once_and_the_badge_when_it_is_answered", async ({ page }) => {
  const inbox = Inbox.of(6, 2);
  const answers = inbox.answers();
  let release = () => {};
  const released = new Promise<void>((done) => (release = done));
  await open(page, PATH, {
    ...answers,
    "PATCH /notifications/{id}/read": async (route) => {
      await released;
      return (answers["PATCH /notifications/{id}/read"] as (r: typeof route) => Promise<void>)(route);
    },
  });
  await bell(page).click();
  await panel(page).getByRole("tab", { name: "Unread 2" }).click();
  await expect(entries(page)).toHaveCount(2);
  const first = entry(page, "Payment failed");
  await first.hover();
  await first.getByRole("button", { name: "Mark as read" }).click();
  await expect(first.getByRole("link"), "it stays in its place").toHaveAccessibleName("Error: Payment failed");
  await expect(page).toHaveTitle("(2) General · Acme");
  release();
  await expect(page).toHaveTitle("(1) General · Acme");
  await expect(panel(page).getByRole("tab", { name: "Unread 1" })).toBeVisible();
  await first.getByRole("button", { name: "Mark as unread" }).click();
  await expect(page).toHaveTitle("(2) General · Acme");
  await first.getByRole("button", { name: "Mark as read" }).click();
  await expect(page).toHaveTitle("(1) General · Acme");
  await panel(page).getByRole("tab", { name: "All" }).click();
  await panel(page).getByRole("tab", { name: "Unread 1" }).click();
  await expect(entries(page), "opened again, the list has unread ones only").toHaveCount(1);
});

test("a_change_that_fails_is_taken_back_and_says_so", async ({ page }) => {
  const inbox = Inbox.of(6, 2);
  const asked = await open(page, PATH, inbox.answers());
  await bell(page).click();
  const first = entry(page, "Payment failed");
  inbox.refusals = [["PATCH", 503, "unavailable"]];
  await first.getByRole("link").focus();
  await page.keyboard.press("e");
  await expect(panel(page).getByRole("alert")).toContainText(`${problemTitle} marked`);
  await expect(first.getByRole("link")).toHaveAccessibleName("Unread. Error: Payment failed");
  await expect(page).toHaveTitle("(2) General · Acme");
  await seenEverywhere(page, "notifications-not-marked");
  await panel(page).getByRole("button", { name: "Try again" }).click();
  await expect(page).toHaveTitle("(1) General · Acme");
  await expect(panel(page).getByRole("alert")).toHaveCount(0);

  inbox.refusals = [["DELETE", 503, "unavailable"]];
  await first.getByRole("link").focus();
  await page.keyboard.press("Delete");
  await expect(panel(page).getByRole("alert")).toContainText(`${problemTitle} deleted`);
  await expect(entries(page)).toHaveCount(6);

  inbox.refusals = [["POST", 503, "unavailable"]];
  await panel(page).getByRole("button", { name: "Mark all as read" }).click();
  await expect(panel(page).getByRole("alert")).toContainText("Nothing was marked as read");
  await panel(page).getByRole("button", { name: "Try again" }).click();
  await expect(page).toHaveTitle("General · Acme");
  const keys = asked.filter(({ method }) => method === "POST").map(({ headers }) => headers["idempotency-key"]);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
});

test("a_change_that_others_overtook_is_sent_once_more", async ({ page }) => {
  const inbox = Inbox.of(6, 2);
  const asked = await open(page, PATH, inbox.answers());
  const patches = () => asked.filter(({ method }) => method === "PATCH").length;
  await bell(page).click();
  inbox.refusals = [["PATCH", 409, "inbox_changed"]];
  await entry(page, "Payment failed").getByRole("link").focus();
  await page.keyboard.press("u");
  await expect(page).toHaveTitle("(1) General · Acme");
  expect(patches()).toBe(2);
  await expect(panel(page).getByRole("alert")).toHaveCount(0);
  inbox.refusals = [["PATCH", 409, "inbox_changed"], ["PATCH", 409, "inbox_changed"]];
  await page.keyboard.press("u");
  await expect(panel(page).getByRole("alert")).toContainText("changed by another request at the same moment");
  expect(patches()).toBe(4);
  await expect(page).toHaveTitle("(1) General · Acme");
});

test("one_that_is_gone_leaves_the_list", async ({ page }) => {
  const inbox = Inbox.of(6, 2);
  await open(page, PATH, inbox.answers());
  await bell(page).click();
  await expect(entries(page)).toHaveCount(6);
  inbox.refusals = [["PATCH", 404, "notification_not_found"]];
  inbox.items.shift();
  inbox.rev++;
  await entry(page, "Payment failed").getByRole("link").focus();
  await page.keyboard.press("e");
  await expect(panel(page).getByRole("alert")).toContainText("This notification is gone");
  await expect(panel(page).getByRole("button", { name: "Try again" })).toHaveCount(0);
  await expect(entries(page)).toHaveCount(5);
  await expect(page).toHaveTitle("(1) General · Acme");
});

test("all_of_a_type_are_marked_as_read", async ({ page }) => {
  const inbox = Inbox.of(12, 12);
  const asked = await open(page, PATH, inbox.answers());
  await bell(page).click();
  await panel(page).getByRole("combobox", { name: "Type" }).selectOption({ label: "Billing (4)" });
  await expect(entries(page)).toHaveCount(4);
  await panel(page).getByRole("tab", { name: "Unread 4" }).click();
  await expect(entries(page)).toHaveCount(4);
  await seenEverywhere(page, "notifications-billing");
  await panel(page).getByRole("button", { name: "Mark all as read" }).click();
  await expect(page).toHaveTitle("(8) General · Acme");
  await expect(panel(page).getByText("You have read everything")).toBeVisible();
  expect(asked.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([{ type: "billing" }]);
  await expect(panel(page).getByRole("button", { name: "Mark all as read" })).toHaveAccessibleDescription("Nothing is unread.");
  await panel(page).getByRole("combobox", { name: "Type" }).selectOption("All types");
  await expect(entries(page)).toHaveCount(8);
  await panel(page).getByRole("button", { name: "Mark all as read" }).click();
  await expect(page).toHaveTitle("General · Acme");
});

test("the_keyboard_does_everything", async ({ page }) => {
  const inbox = Inbox.of(4, 3);
  const asked = await open(page, PATH, inbox.answers());
  const link = (place: number) => entries(page).nth(place).getByRole("link");
  await bell(page).focus();
  await page.keyboard.press("Enter");
  await expect(entries(page)).toHaveCount(4);
  await page.keyboard.press("j");
  await expect(link(0)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("j");
  await expect(link(2)).toBeFocused();
  await page.keyboard.press("k");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("k");
  await expect(link(0), "there is none before the first").toBeFocused();
  await page.keyboard.press("e");
  await expect(panel(page).getByText("Marked as read.")).toBeAttached();
  await expect(page).toHaveTitle("(2) General · Acme");
  await page.keyboard.press("u");
  await expect(page).toHaveTitle("(3) General · Acme");
  await page.keyboard.press("Tab");
  await expect(entries(page).nth(0).getByRole("button", { name: "Mark as read" })).toBeFocused();
  await expect(entries(page).nth(0).getByRole("button", { name: "Mark as read" })).toHaveCSS("opacity", "1");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(panel(page).getByRole("button", { name: "Mark all as read" }), "Tab leads out of the list").toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Backspace");
  await expect(entries(page)).toHaveCount(3);
  await expect(link(0), "the next one has the focus").toBeFocused();
  await expect(link(0)).toHaveAccessibleName("Unread. Information: Member joined");
  await expect(page).toHaveTitle("(2) General · Acme");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Delete");
  await expect(entries(page)).toHaveCount(2);
  await expect(link(1), "after the last one, the one before").toBeFocused();
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  await expect(panel(page).getByText("No notifications yet")).toBeVisible();
  await expect(panel(page).getByRole("tabpanel")).toBeFocused();
  await expect.poll(() => asked.filter(({ method }) => method === "DELETE").length).toBe(4);
  await page.keyboard.press("Escape");
  await expect(bell(page)).toBeFocused();
  await expect(page).toHaveTitle("General · Acme");
});

test("the_tabs_are_tabs", async ({ page }) => {
  await open(page, PATH, Inbox.of(4, 3).answers());
  await bell(page).click();
  const [all, unread] = [panel(page).getByRole("tab", { name: "All" }), panel(page).getByRole("tab", { name: "Unread" })];
  await all.focus();
  await page.keyboard.press("ArrowRight");
  await expect(unread).toBeFocused();
  await expect(unread).toHaveAttribute("aria-selected", "true");
  await expect(entries(page)).toHaveCount(3);
  await page.keyboard.press("ArrowLeft");
  await expect(all).toBeFocused();
  await expect(entries(page)).toHaveCount(4);
  await page.keyboard.press("Enter");
  await page.mouse.click(20, 600);
  await expect(panel(page)).toBeHidden();
  await expect(bell(page)).toBeFocused();
});

test("what_happens_meanwhile_is_shown", async ({ page }) => {
  const inbox = Inbox.of(50, 1);
  await open(page, PATH, inbox.answers());
  await bell(page).click();
  await expect(entries(page)).toHaveCount(20);
  inbox.receive("First news");
  await page.waitForTimeout(1100);
  await show(page, true);
  await expect(entries(page).first()).toContainText("First news");
  await entries(page).last().scrollIntoViewIfNeeded();
  await expect(entries(page)).not.toHaveCount(20);
  inbox.receive("Second news");
  await page.waitForTimeout(1100);
  await show(page, true);
  const fresh = panel(page).getByRole("button", { name: "Show new notifications" });
  await expect(fresh).toBeVisible();
  await seenEverywhere(page, "notifications-fresh");
  await fresh.click();
  await expect(entries(page).first()).toContainText("Second news");
  await expect(entries(page).first()).toBeInViewport();
  await expect(fresh).toHaveCount(0);
});

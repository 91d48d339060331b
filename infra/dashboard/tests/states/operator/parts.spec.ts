// Letters that came back, dead-letter queues, and alarms.

import { expect, test, type Route } from "@playwright/test";
import { ALARMS } from "../../../src/pages/operator/alarms/list";
import { NAMES } from "../parts";
import { gate, NOW, problem, seen, seenEverywhere, WORKSPACE } from "../stage";
import { empty, facts, open, ready } from "./console";

const headers = { "access-control-allow-origin": "*", date: new Date(NOW).toUTCString() };
const answer = (route: Route, json: unknown, status = 200) => route.fulfill({ status, headers, json });

test("letters_of_a_workspace_and_of_an_address", async ({ page }) => {
  const letter = (email: string, more: object = {}) => ({ email, workspace: WORKSPACE, what: "invitation", kind: "bounced", at: null, ...more });
  const asked: string[] = [];
  const letters = [letter("ben@example.com"), letter(`${NAMES.long}@example.com`, { kind: "complained", what: "member", at: "2026-11-20T08:00:00Z" }), letter("c@example.com", { workspace: null, kind: "rejected" }), letter("d@example.com", { kind: "invalid_address" })];
  await open(page, `/operator/letters?workspace=${WORKSPACE}`, { facts: facts(empty) }, {
    "GET /operator/letters": async (route) => {
      const { search } = new URL(route.request().url());
      asked.push(decodeURIComponent(search));
      if (asked.length === 1) return answer(route, problem(404, "workspace_not_found", "no"), 404);
      await answer(route, { letters: search.includes("email") ? [] : letters });
    },
  });
  await expect(page.getByRole("alert")).toContainText("There is no such workspace, or it is being deleted.");
  await page.getByRole("button", { name: "Try again" }).click();
  const entries = page.getByRole("list", { name: "Returned letters" }).getByRole("listitem");
  await expect(entries.nth(0)).toContainText(/ben@example.com.*Invitation.*Bounced/);
  await expect(entries.nth(1)).toContainText(/Nov 20, 2026.*Member.*Marked as spam/);
  await expect(entries.nth(2)).toContainText("In all workspaces");
  await expect(entries.nth(3)).toContainText("No address");
  await seenEverywhere(page, "operator-letters");
  await page.getByLabel("Search by").selectOption("E-mail address");
  await page.getByLabel("What to look for").fill("eva@example.com");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByText("No letter came back")).toBeVisible();
  await expect(page).toHaveURL(/\/operator\/letters$/);
  await seen(page, "operator-letters-none");
  expect(asked.slice(1)).toEqual([`?workspace=${WORKSPACE}`, "?email=eva@example.com"]);
  await page.goBack();
  await expect(page.getByLabel("What to look for")).toHaveValue(WORKSPACE);
});

const queue = (name: string, messages: number | null, more: object = {}) => ({ queue: name, messages, redriving: false, gave_up: null, redrivable: name !== "outbox" && name !== "notifier", ...more });

test("empty_queues_say_that_nothing_failed", async ({ page }) => {
  const names = ["deliver", "mail", "notifier", "outbox", "runtime", "stripe-events"];
  let isDown = true;
  await open(page, "/operator/queues", {}, {
    "GET /operator/queues": (route) => answer(route, isDown ? problem(400, "bad", "SQS says no") : { queues: names.map((name) => queue(name, 0)) }, isDown ? 400 : 200),
  });
  await expect(page.getByRole("alert")).toContainText("SQS says no");
  await seen(page, "operator-queues-failed");
  isDown = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("No message has failed")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ has: page.getByRole("heading") })).toHaveCount(6);
  await expect(page.getByRole("button", { name: "Redrive: mail" })).toHaveAccessibleDescription("There is nothing to redrive.");
  await seenEverywhere(page, "operator-queues-empty");
});

test("messages_are_looked_at_and_redriven_once", async ({ page }) => {
  let sent: { body: unknown; key: string | undefined }[] = [];
  let isMoving = false;
  const answered = gate();
  const body = JSON.stringify({ kind: "invitation", workspace: WORKSPACE, token: "(hidden)", text: NAMES.long.repeat(4) });
  const { asked } = await open(page, "/operator/queues", {}, {
    "GET /operator/queues": (route) => answer(route, { queues: [queue("mail", isMoving ? 1 : 12, { redriving: isMoving }), queue("outbox", 3, { redriving: null }), queue("runtime", 2, { redriving: true })] }),
    "GET /operator/queues/{queue}/messages": (route) => answer(route, { messages: route.request().url().includes("/mail/") ? [{ id: "2f1c", sent_at: "2026-11-28T09:00:00Z", received: 5, body }, { id: "3a9d", sent_at: null, received: 1, body: NAMES.script }] : [] }),
    "POST /operator/queues/{queue}/redrive": async (route) => {
      sent = [...sent, { body: route.request().postDataJSON(), key: route.request().headers()["idempotency-key"] }];
      if (sent.length === 1) return answer(route, problem(503, "unavailable", "no answer"), 503);
      if (sent.length === 2) return answer(route, problem(409, "redrive_under_way", "it runs"), 409);
      isMoving = true;
      await answered.opened;
      await answer(route, { queue: "mail", messages: 12 }, 202);
    },
  });
  await ready(page, "Queues");
  await expect(page.getByRole("button", { name: "Redrive: outbox" })).toHaveAccessibleDescription(/descriptions of stream records/);
  await expect(page.getByRole("button", { name: "Redrive: runtime" })).toHaveAccessibleDescription("Its messages are being moved already.");
  await page.getByRole("button", { name: "Show messages of mail" }).click();
  await expect(page.getByText('"kind": "invitation"')).toBeVisible();
  await expect(page.getByText("received 5 times")).toBeVisible();
  await expect(page).toHaveURL(/\?queue=mail$/);
  await seenEverywhere(page, "operator-queues");
  await page.getByRole("button", { name: "Show messages of outbox" }).click();
  await expect(page.getByText("No message can be seen at the moment")).toBeVisible();
  await page.getByRole("button", { name: "Show messages of mail" }).click();
  await expect(page.getByText('"kind": "invitation"')).toBeVisible();
  const looks = () => asked.filter(({ path }) => path === "/operator/queues/mail/messages").length;
  await expect.poll(looks).toBe(2);

  await page.getByRole("button", { name: "Redrive: mail" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("All 12 messages go back to the queue from which they came");
  await expect(dialog.getByRole("button", { name: "Redrive" })).toHaveAccessibleDescription("Give a reason first.");
  await dialog.getByLabel("Reason").fill("The mail service works again");
  await dialog.getByRole("button", { name: "Redrive" }).click();
  await expect(dialog).toContainText("It is not known whether it was begun. Look at the queue before you send it again.");
  await dialog.getByRole("button", { name: "Try again" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Messages of this queue are being moved already.");
  await expect(dialog, "an earlier attempt may have begun it").not.toContainText("Nothing was changed.");
  await expect(dialog).not.toContainText("It is not known");
  await seen(page, "operator-redrive");
  await dialog.getByRole("button", { name: "Redrive" }).dblclick();
  await page.keyboard.press("Escape");
  await expect(dialog, "what is on its way cannot be left").toBeVisible();
  answered.open();
  await expect(page.getByText("The messages are being moved.")).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Redrive: mail" })).toHaveAccessibleDescription("Its messages are being moved already.");
  await expect(page, "the list is closed").toHaveURL(/\/operator\/queues$/);
  await expect(page.getByText('"kind": "invitation"')).toBeHidden();
  expect(looks(), "nobody has looked again").toBe(2);
  expect(sent.map((one) => one.body)).toEqual(Array(3).fill({ reason: "The mail service works again" }));
  isMoving = false;
  await expect(page.getByRole("button", { name: "Redrive: mail" }), "while they are moved, it is looked again").not.toHaveAccessibleDescription(/already/, { timeout: 8_000 });
});

test("queues_that_sqs_says_nothing_of_or_gave_up_on_say_so", async ({ page }) => {
  await open(page, "/operator/queues", {}, {
    "GET /operator/queues": (route) => answer(route, { queues: [queue("deliver", null, { redriving: null }), queue("mail", 4, { gave_up: "CouldNotDetermineMessageSource" }), queue("outbox", null, { redriving: null }), queue("runtime", 0)] }),
  });
  await ready(page, "Queues");
  const entry = (name: string) => page.getByRole("listitem").filter({ has: page.getByRole("button", { name: `Redrive: ${name}` }) });
  await expect(entry("deliver")).toContainText("The number is unknown");
  await expect(entry("mail")).toContainText("SQS stopped moving the messages before the end. What is left can be redriven again. It says: CouldNotDetermineMessageSource");
  await expect(entry("outbox")).toContainText("descriptions of stream records");
  await expect(page.getByText("No message has failed"), "what is unknown is not empty").toBeHidden();
  await expect(page.getByRole("button", { name: "Show messages of runtime" })).toBeHidden();
  await expect(page.getByRole("button", { name: "Show messages of deliver" })).toBeVisible();
  await seenEverywhere(page, "operator-queues-unknown");
  await page.getByRole("button", { name: "Redrive: deliver" }).click();
  await expect(page.getByRole("dialog")).toContainText("All messages go back to the queue from which they came");
});

test("alarms_are_explained_and_found", async ({ page }) => {
  await open(page, "/operator/alarms");
  await ready(page, "Alarms");
  const names = await page.getByRole("main").getByRole("code").allInnerTexts();
  expect(names.filter((name) => !name.includes("/")).sort()).toEqual(ALARMS.map(({ name }) => name).sort());
  await expect(page.getByText("docs/operations.md").first()).toBeVisible();
  await seenEverywhere(page, "operator-alarms");
  await page.getByLabel("Find an alarm").fill("berth-prod-StripeWebhookThrottles");
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(["A function is throttled"]);
  await expect(page).toHaveURL(/\?q=berth-prod-StripeWebhookThrottles$/);
  await page.getByLabel("Find an alarm").fill("xyz");
  await expect(page.getByText("No alarm has such a name")).toBeVisible();
  await page.getByRole("button", { name: "Show all alarms" }).click();
  await expect(page.getByRole("heading", { level: 2 })).toHaveCount(14);
});

test("alarms_in_german", async ({ page }) => {
  await open(page, "/operator/alarms?q=Sweeper", {}, {}, { language: "de", theme: "dark" });
  await ready(page, "Alarme");
  await expect(page.getByRole("heading", { level: 2 })).toHaveText(["Eine Funktion schlägt fehl", "Eine Funktion wird gedrosselt", "Der Sweeper schweigt"]);
  await seen(page, "operator-alarms-de");
});

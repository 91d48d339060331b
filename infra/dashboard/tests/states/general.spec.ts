import { expect, test } from "@playwright/test";
import { readFileSync } from "node:fs";
import { access, frame, head, list, member, NAMES, summary } from "./parts";
import { NOW, open, problem, seen, seenEverywhere, WORKSPACE, type Answers } from "./stage";

const path = `/w/${WORKSPACE}/settings`;
const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "date, etag" };
const people = [member(1, "Ana Lima", "owner"), member(2, "Ben Okafor", "admin"), member(3, NAMES.rtl, "member"), member(4, NAMES.script, "viewer")];

function answers(more: Answers = {}): Answers {
  return {
    ...frame(),
    "GET /team/members": async (route) => {
      const role = new URL(route.request().url()).searchParams.get("role");
      await route.fulfill({ headers: cors, json: list("members", role ? people.filter((person) => person.role === role) : people).body });
    },
    "GET /invitations": list("invitations", []),
    "GET /me": { body: { id: people[0]?.id, email: "ana@example.com", email_verified: true, name: "Ana Lima", is_ending: false } },
    ...more,
  };
}

test("what the workspace is, with its id and the ways out", async ({ page }) => {
  await open(page, path, answers());
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Acme Research");
  await expect(page.getByLabel("Time zone")).toHaveValue("Europe/Berlin");
  await expect(page.getByText(/It is .*11:00.* there now/)).toBeVisible();
  await expect(page.getByRole("main").getByText(WORKSPACE)).toBeVisible();
  await expect(page.getByRole("button", { name: "Save changes" })).toHaveAccessibleDescription("There is nothing to save yet.");
  await expect(page.getByRole("button", { name: "Leave", exact: true })).toHaveAccessibleDescription(/You are its only owner/);
  await seenEverywhere(page, "general");
});

test("only changes are saved, against the version read", async ({ page }) => {
  const asked = await open(page, path, answers({ "PUT /workspace": { body: { ...head, name: NAMES.script }, headers: { etag: '"2"' }, delay: 200 } }));
  await page.getByLabel("Name", { exact: true }).fill(NAMES.script);
  await expect(page.getByText("You have unsaved changes.")).toBeVisible();
  await page.getByRole("button", { name: "Save changes" }).dblclick();
  await expect(page.getByText("The changes are saved.")).toBeVisible();
  const sent = asked.filter(({ method }) => method === "PUT");
  expect(sent.map(({ body }) => body)).toEqual([{ name: NAMES.script }]);
  expect(sent[0]?.headers["if-match"]).toBe('"1"');
});

test("a change of somebody else is shown, and mine is kept", async ({ page }) => {
  let version = 1;
  const theirs = { ...head, name: "Acme Labs", timezone: "America/New_York" };
  const asked = await open(page, path, answers({
    "GET /workspace": async (route) => route.fulfill({ headers: { ...cors, etag: `"${version}"` }, json: version === 1 ? head : theirs }),
    "PUT /workspace": async (route) => {
      if (route.request().headers()["if-match"] === '"2"') return route.fulfill({ headers: { ...cors, etag: '"3"' }, json: { ...theirs, name: "Acme Works" } });
      version = 2;
      return route.fulfill({ status: 412, headers: cors, json: problem(412, "workspace_version_mismatch", "changed") });
    },
  }));
  await page.getByLabel("Name", { exact: true }).fill("Acme Works");
  await page.getByRole("button", { name: "Save changes" }).click();
  const conflict = page.getByRole("group", { name: "Somebody else changed this workspace in the meantime" });
  await expect(conflict).toContainText("Acme Labs");
  await expect(conflict).toContainText("Acme Works");
  await expect(conflict).toContainText("America/New_York");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Acme Works");
  await seenEverywhere(page, "general-conflict");
  await conflict.getByRole("button", { name: "Use mine" }).click();
  await expect(page.getByText("The changes are saved.")).toBeVisible();
  const sent = asked.filter(({ method }) => method === "PUT");
  expect(sent.map(({ headers, body }) => [headers["if-match"], body])).toEqual([
    ['"1"', { name: "Acme Works" }],
    ['"2"', { name: "Acme Works" }],
  ]);
  await expect(page.getByLabel("Time zone")).toHaveValue("America/New_York");
});

test("theirs can be taken", async ({ page }) => {
  let version = 1;
  await open(page, path, answers({
    "GET /workspace": async (route) => route.fulfill({ headers: { ...cors, etag: `"${version}"` }, json: version === 1 ? head : { ...head, name: "Acme Labs" } }),
    "PUT /workspace": async (route) => {
      version = 2;
      await route.fulfill({ status: 412, headers: cors, json: problem(412, "workspace_version_mismatch", "changed") });
    },
  }));
  await page.getByLabel("Name", { exact: true }).fill("Acme Works");
  await page.getByRole("button", { name: "Save changes" }).click();
  await page.getByRole("button", { name: "Take theirs" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Acme Labs");
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
});

test("wrong fields are named at their fields", async ({ page }) => {
  const errors = [
    { in: "body", field: "name", message: "must have 1 to 100 characters" },
    { in: "body", field: "timezone", message: "is no time zone of the IANA database" },
  ];
  await open(page, path, answers({ "PUT /workspace": { status: 400, body: problem(400, "invalid_request", "the request is invalid", { errors }) } }));
  await page.getByLabel("Name", { exact: true }).fill("");
  await page.getByLabel("Time zone").fill("Mars/Olympus");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription("must have 1 to 100 characters");
  await expect(page.getByLabel("Time zone")).toHaveAccessibleDescription(/IANA/);
  await seenEverywhere(page, "general-fields");
});

test("a viewer reads, and sees who may change it", async ({ page }) => {
  await open(page, path, answers({ "GET /access": access("viewer") }));
  await expect(page.getByLabel("Name", { exact: true })).toHaveAttribute("readonly", "");
  await expect(page.getByRole("button", { name: "Save changes" })).toHaveAccessibleDescription("Only people with the role Admin or a higher one can do this.");
  await expect(page.getByRole("button", { name: "Delete" })).toHaveAccessibleDescription("Only people with the role Owner or a higher one can do this.");
  await expect(page.getByRole("button", { name: "Export", exact: true })).toHaveAccessibleDescription("Only people with the role Owner or a higher one can do this.");
  await expect(page.getByRole("button", { name: "Leave", exact: true })).toHaveAccessibleDescription("");
  await seenEverywhere(page, "general-viewer");
});

test("leaving goes back to the list", async ({ page }) => {
  const asked = await open(page, path, answers({ "GET /access": access("member"), "POST /team/leave": { status: 204 } }));
  await page.getByRole("button", { name: "Leave", exact: true }).click();
  await seen(page, "general-leave-light");
  await page.getByRole("dialog").getByRole("button", { name: "Leave", exact: true }).click();
  await page.waitForURL("**/workspaces");
  await expect(page.getByText("You have left \u2068Acme Research\u2069.")).toBeVisible();
  expect(asked.filter(({ path, headers }) => path === "/team/leave" && headers["idempotency-key"])).toHaveLength(1);
  expect(await page.evaluate(() => localStorage.getItem("berth.workspace"))).toBeNull();
});

test("ownership goes to a chosen member", async ({ page }) => {
  const asked = await open(page, path, answers({ "POST /team/transfer-ownership": { body: { ...people[1], role: "owner" } } }));
  await page.getByRole("button", { name: "Transfer", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const confirm = dialog.getByRole("button", { name: "Transfer ownership" });
  await expect(confirm).toHaveAccessibleDescription("Choose a member first.");
  await expect(dialog.getByRole("option")).toHaveCount(4);
  await dialog.getByLabel("New owner").selectOption({ index: 1 });
  await seenEverywhere(page, "general-transfer");
  await confirm.click();
  await expect(page.getByText("\u2068Ben Okafor\u2069 is the owner now. You are an admin.")).toBeVisible();
  expect(asked.find(({ path }) => path === "/team/transfer-ownership")?.body).toEqual({ member_id: people[1]?.id });
});

test("deleting asks for the name, and says for how many", async ({ page }) => {
  const receipt = "del_01K9ZX3V8Q4M7N2P5R6S8T9W0Y";
  const part = { status: "pending", confirmed_at: null };
  const asked = await open(page, path, answers({
    "DELETE /workspace": { status: 202, body: { deletion_id: receipt } },
    "GET /deletions/{id}": { body: { id: receipt, workspace_id: WORKSPACE, requested_at: NOW, runtime: part, subscription: part, secrets: part, members: part } },
  }));
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("3 other people lose access at once.");
  const confirm = dialog.getByRole("button", { name: "Delete for all 4 members" });
  await expect(confirm).toHaveAccessibleDescription("Type “\u2068Acme Research\u2069” first.");
  await seenEverywhere(page, "general-delete");
  await dialog.getByRole("textbox").fill("Acme Research");
  await confirm.click();
  await page.waitForURL(`**/deletions/${receipt}`);
  await expect(page.getByRole("heading", { level: 1, name: "Deletion of \u2068Acme Research\u2069" })).toBeFocused();
  await expect(page.getByText("\u2068Acme Research\u2069 is being deleted.")).toBeVisible();
  expect(asked.filter(({ method }) => method === "DELETE")).toHaveLength(1);
  await page.goto("/workspaces");
  await expect(page.getByRole("region", { name: "Deletions" }).getByRole("link")).toHaveAttribute("href", `/deletions/${receipt}`);
});

test("somebody who joins meanwhile is counted before all is deleted", async ({ page }) => {
  let members = 1;
  const asked = await open(page, path, answers({
    "GET /workspace": async (route) => route.fulfill({ headers: { ...cors, etag: '"1"' }, json: { ...head, member_count: members } }),
    "DELETE /workspace": { status: 409, body: problem(409, "workspace_has_members", "the workspace has other members") },
  }));
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("Acme Research");
  members = 2;
  await dialog.getByRole("button", { name: "Delete workspace" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Look at their number again");
  await expect(dialog.getByRole("button", { name: "Delete for all 2 members" })).toBeVisible();
  await expect(dialog).toContainText("1 other person loses access at once.");
  expect(asked.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

/** A page of an export, with the way to the next one. */
function exported(items: number, next?: string) {
  const link: Record<string, string> = next ? { link: `</api/v1/workspace/export?limit=100&cursor=${next}>; rel="next"` } : {};
  const line = `${JSON.stringify({ type: "member", key: {}, content: {} })}\n`;
  return { headers: { ...cors, "access-control-expose-headers": "date, link, retry-after", ...link }, contentType: "application/jsonl", body: line.repeat(items) };
}

test("the workspace is exported page by page into a file", async ({ page }) => {
  const asked: string[] = [];
  let release: () => void = () => undefined;
  await open(page, path, answers({
    "POST /workspace/export": async (route) => {
      const { searchParams } = new URL(route.request().url());
      const cursor = searchParams.get("cursor");
      asked.push(`${cursor ?? "first"} of ${searchParams.get("limit")}`);
      if (cursor === "b") await new Promise<void>((done) => (release = done));
      await route.fulfill(cursor === null ? exported(100, "a%2F") : cursor === "a/" ? exported(40, "b") : exported(2));
    },
  }));
  const button = page.getByRole("button", { name: "Export", exact: true });
  await button.dblclick();
  await expect(page.getByText("140 items so far.")).toBeVisible();
  await expect(button).toHaveAccessibleDescription("It is being exported.");
  await seenEverywhere(page, "general-exporting");
  const [download] = await Promise.all([page.waitForEvent("download"), Promise.resolve().then(() => release())]);
  expect(download.suggestedFilename()).toBe(`workspace-${WORKSPACE}-2026-11-28.ndjson`);
  expect(readFileSync(await download.path(), "utf8").trimEnd().split("\n")).toHaveLength(142);
  await expect(page.getByText("142 items in")).toBeVisible();
  expect(asked).toEqual(["first of 100", "a/ of 100", "b of 100"]);
  await seenEverywhere(page, "general-exported");
  const [again] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save again" }).click()]);
  expect(again.suggestedFilename()).toBe(download.suggestedFilename());
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page.getByText("142 items in")).toBeHidden();
});

test("an export waits for its budget, and goes on where it stopped", async ({ page }) => {
  const cursors: (string | null)[] = [];
  let state: "busy" | "down" | "up" = "busy";
  await page.clock.install();
  await open(page, path, answers({
    "POST /workspace/export": async (route) => {
      const cursor = new URL(route.request().url()).searchParams.get("cursor");
      cursors.push(cursor);
      if (cursor === null) return route.fulfill(exported(100, "a"));
      if (state === "busy") return route.fulfill({ status: 429, headers: { ...cors, "access-control-expose-headers": "retry-after", "retry-after": "12" }, json: problem(429, "budget_exhausted", "later") });
      if (state === "down") return route.fulfill({ status: 500, headers: cors, json: problem(500, "internal", "no") });
      return route.fulfill(exported(1));
    },
  }));
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await expect(page.getByText("60 pages a minute are given out. It goes on in 12 seconds.")).toBeVisible();
  await seenEverywhere(page, "general-export-waiting");
  state = "down";
  await page.clock.runFor(12_100);
  await page.clock.runFor(2_000);
  await expect(page.getByRole("alert")).toContainText("req-0123456789");
  await expect(page.getByText("What was read is kept")).toBeVisible();
  await seenEverywhere(page, "general-export-failed");
  state = "up";
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Try again" }).click()]);
  expect(readFileSync(await download.path(), "utf8").trimEnd().split("\n")).toHaveLength(101);
  expect(cursors.filter((cursor) => cursor === null), "the first page is read once").toHaveLength(1);
});

test("an export is cancelled", async ({ page }) => {
  let asked = 0;
  await open(page, path, answers({ "POST /workspace/export": async (route) => route.fulfill(exported(100, String(++asked))) }));
  await page.getByRole("button", { name: "Export", exact: true }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("items so far")).toBeHidden();
  const then = asked;
  await page.waitForTimeout(500);
  expect(asked - then, "one may have been on its way").toBeLessThanOrEqual(1);
  await expect(page.getByRole("button", { name: "Export", exact: true })).toHaveAccessibleDescription("");
});

test("long names and other scripts", async ({ page }) => {
  const named = { ...head, name: NAMES.emoji, description: NAMES.long.repeat(6) };
  await open(page, path, answers({ "GET /workspace": { body: named, headers: { etag: '"1"' } }, "GET /workspaces": list("workspaces", [summary({ name: NAMES.emoji })]) }));
  await expect(page.getByText(/characters left/)).toBeVisible();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await seenEverywhere(page, "general-long");
});

test("loading and failing", async ({ page }) => {
  await open(page, path, answers({ "GET /workspace": { status: 403, body: problem(403, "role_required", "no"), delay: 2500 } }));
  await expect(page.getByRole("heading", { name: "General" })).toBeVisible();
  await seen(page, "general-loading-light");
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  await seenEverywhere(page, "general-error");
});

test("no button moves once it is shown", async ({ page }) => {
  await open(page, path, answers({ "GET /team/members": { ...list("members", people.slice(0, 1)), delay: 700 } }));
  const remove = page.getByRole("button", { name: "Delete", exact: true });
  const first = await remove.boundingBox();
  await expect(page.getByText("You are its only owner", { exact: false }).first()).toBeAttached();
  expect(await remove.boundingBox()).toEqual(first);
});

test("the ways out are offered although the owners could not be read", async ({ page }) => {
  await open(page, path, answers({ "GET /team/members": { status: 503, body: problem(503, "busy", "later") } }));
  await expect(page.getByRole("button", { name: "Leave", exact: true })).toBeEnabled();
});

test("in German", async ({ page }) => {
  await open(page, path, answers(), { language: "de" });
  await expect(page.getByRole("heading", { name: "Gefahrenbereich" })).toBeVisible();
  await seen(page, "general-german-light");
});

test("only a click on the backdrop closes a dialog", async ({ page }) => {
  await open(page, path, answers({ "GET /access": access("admin") }));
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Leave", exact: true }).dblclick();
  await expect(dialog).toBeVisible();
  const [left, top] = await dialog.evaluate((one) => [one.getBoundingClientRect().left, one.getBoundingClientRect().top]);
  // A selection that ends outside.
  await page.mouse.move((left ?? 0) + 60, (top ?? 0) + 60);
  await page.mouse.down();
  await page.mouse.move((left ?? 0) - 60, (top ?? 0) + 60);
  await page.mouse.up();
  await expect(dialog).toBeVisible();
  await page.mouse.click((left ?? 0) - 60, (top ?? 0) + 60);
  await expect(dialog).toBeHidden();
});

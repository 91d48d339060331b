// The audit log from the first change to a file that others verify.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { account, expect, outputs, shot, test } from "./cloud";

test.describe.configure({ mode: "parallel" });

interface Line {
  number: number;
  previous: string;
  digest: string;
  text: string;
}

/** As docs/audit-format.md has it. */
function digestOf({ previous, text }: Line): string {
  return createHash("sha256").update("berth.audit.record.v1\0").update(Buffer.from(previous, "base64url")).update(text).digest("base64url");
}

test("changes are listed, verified and exported", async ({ person }) => {
  const [{ person: ana, page }, ben] = await Promise.all([person("Ana Audits"), account("Ben Audits")]);
  const workspace = await ana.workspace("Harbour Records");
  await ana.pays(workspace, "business");
  const headings = page.getByRole("rowheader");

  await test.step("the log begins with the workspace", async () => {
    const known = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived", ({ payload }) => payload.toString().includes('"state"')));
    await page.goto(`/w/${workspace}`);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("link", { name: "Audit log" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeFocused();
    await expect(headings.last()).toHaveText(/Ana Audits created the workspace/);
    await known;
  });

  await test.step("what others do is shown as soon as it happens", async () => {
    await ben.joins(workspace, ana, "admin");
    await expect(headings.filter({ hasText: "Ben Audits joined as Admin" })).toBeVisible({ timeout: 10_000 });
  });

  await test.step("a record opens to what changed", async () => {
    await page.getByRole("button", { name: /^Details: Ana Audits invited/ }).click();
    await expect(page.getByRole("insertion").filter({ hasText: ben.email })).toBeVisible();
    await expect(page.getByText("invitation.created")).toBeVisible();
    await shot(page, "audit");
  });

  await test.step("filters narrow it", async () => {
    await page.getByLabel("By", { exact: true }).selectOption({ label: "Ben Audits" });
    await expect(headings).toHaveText([/Ben Audits joined as Admin/]);
    const today = new Intl.DateTimeFormat("sv", { timeZone: "Europe/Berlin" }).format(new Date(Date.now() - 7 * 86_400_000));
    await page.getByLabel("Until").fill(today);
    await expect(page.getByText("No change matches")).toBeVisible();
    await page.getByRole("button", { name: "Clear the filters" }).last().click();
    await expect(headings.last()).toHaveText(/created the workspace/);
  });

  await test.step("it is verified", async () => {
    await page.getByRole("button", { name: "Verify" }).click();
    await expect(page.getByText("The log is whole")).toBeVisible();
    await expect(page.getByText("None yet. The end of the log is signed once a day after changes.")).toBeVisible();
    await shot(page, "audit-verified");
  });

  await test.step("its export continues from record to record", async () => {
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^NDJSON/ }).click()]);
    const lines = readFileSync(await download.path(), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Line);
    expect(lines.length).toBe(await headings.count());
    lines.forEach((line, place) => {
      expect(line.number).toBe(place + 1);
      expect(line.digest).toBe(digestOf(line));
      if (place > 0) expect(line.previous).toBe(lines[place - 1]?.digest);
    });
  });

  await test.step("the format is served with the dashboard", async () => {
    const answer = await page.request.get(`${outputs.dashboard_url}/audit-format.txt`);
    expect(answer.headers()["content-type"]).toContain("text/plain");
    expect(await answer.text()).toContain("# The format of the audit log");
  });
});

test("a plan without the log shows the activity, and the way to it", async ({ person }) => {
  const { person: olga, page, count } = await person("Olga Audits");
  const workspace = await olga.workspace("Plain Records");
  await page.goto(`/w/${workspace}/settings/audit`);
  await expect(page.getByRole("rowheader").filter({ hasText: "Olga Audits created the workspace" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Verify" })).toHaveCount(0);
  expect(count("GET /audit")).toBe(0);
  await page.getByRole("link", { name: "Upgrade to Business" }).click();
  await expect(page).toHaveURL(new RegExp(`/w/${workspace}/settings/billing\\?plan=business$`));
});

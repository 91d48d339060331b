// Usage from the first count to the limit, as it is shown while it happens.

import type { Page } from "@playwright/test";
import { account, expect, shot, test, type Person } from "./cloud";

test.describe.configure({ mode: "parallel" });

/** Less than the time after which anything on the page would be read again by itself. */
const AT_ONCE = { timeout: 10_000 };

/** Opens the page by its link, and waits until its connection knows everything that has happened. */
async function enterUsage(page: Page, workspace: string) {
  const known = page.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived", ({ payload }) => payload.toString().includes('"state"')));
  await page.goto(`/w/${workspace}`);
  await page.getByRole("link", { name: "Usage", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Usage" })).toBeFocused();
  await known;
}

let consumptions = 0;
const consume = (person: Person, workspace: string, meter: string, amount: number) =>
  person.ask<{ code?: string }>("POST", "/usage/consume", { workspace, body: { meter, amount, key: `journey-${meter}-${++consumptions}` } });

const meter = (page: Page, name: string) => page.getByRole("article", { name });
/** The day in UTC, as the page writes it. */
const today = () => new Intl.DateTimeFormat("en", { day: "numeric", month: "long", timeZone: "UTC" }).format(new Date());

test("a meter fills, and the page shows it as it happens", async ({ person }) => {
  const { person: uma, page, count } = await person("Uma Uses");
  const workspace = await uma.workspace("Uses & Co");
  const credits = meter(page, "AI credits");

  await test.step("nothing was used yet", async () => {
    await enterUsage(page, workspace);
    await expect(page.getByText("What this workspace uses of its plan Free, and how long that lasts.")).toBeVisible();
    await expect(page.getByText("Nothing was used yet.")).toHaveCount(3);
    await expect(page.getByText("This is the first month. Others follow it here.")).toHaveCount(3);
    expect(count("GET /billing/usage"), "there is no earlier month to ask for").toBe(0);
  });

  await test.step("what is counted is there after a refresh", async () => {
    expect((await consume(uma, workspace, "ai_credits", 5)).status).toBe(200);
    expect((await consume(uma, workspace, "executions", 120)).status).toBe(200);
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(credits).toContainText("5of 10");
    await expect(credits).toContainText("A forecast follows once a day has passed.");
    await expect(credits.getByRole("list", { name: "AI credits by day" }).getByRole("listitem").filter({ hasText: today() })).toContainText("5");
    await expect(credits.getByRole("list", { name: "AI credits by month" }).getByRole("listitem")).toHaveCount(1);
    await shot(page, "usage");
  });

  await test.step("at 80 % it is near its limit, without a reload", async () => {
    expect((await consume(uma, workspace, "ai_credits", 3)).status).toBe(200);
    await expect(credits.getByText(/^.Near the limit$/)).toBeVisible(AT_ONCE);
    await expect(credits).toContainText("8of 10");
  });

  await test.step("at 100 % the limit is reached, and more is refused", async () => {
    expect((await consume(uma, workspace, "ai_credits", 2)).status).toBe(200);
    await expect(credits.getByText(/^.Limit reached$/)).toBeVisible(AT_ONCE);
    await expect(credits).toContainText("More is refused until the count resets");
    const { status, body } = await consume(uma, workspace, "ai_credits", 1);
    expect([status, body.code]).toEqual([402, "workspace_meter_limit"]);
    await shot(page, "usage-full");
  });

  await test.step("the same values are tables", async () => {
    await page.getByRole("link", { name: "Tables" }).click();
    const row = page.getByRole("table", { name: "Days" }).getByRole("row").nth(1);
    await expect(row).toContainText(today());
    await expect(row.getByRole("cell")).toHaveText(["120", "0", "10"]);
    await page.reload();
    await expect(row).toContainText(today());
  });

  await test.step("a larger plan has room", async () => {
    await expect(page.getByText("1 limit is reached")).toBeVisible();
    await page.getByRole("link", { name: "Compare plans" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Billing" })).toBeFocused();
    await uma.pays(workspace, "pro");
    await page.getByRole("link", { name: "Usage", exact: true }).click();
    await expect(page.getByText("What this workspace uses of its plan Pro, and how long that lasts.")).toBeVisible();
    await expect(page.getByText("1 limit is reached")).toHaveCount(0);
    await expect(credits.getByRole("meter")).toHaveAttribute("aria-valuetext", /of 500$/);
  });
});

test("every member sees the usage, and whom to ask for more", async ({ person }) => {
  const [owner, { person: vera, page }] = await Promise.all([account("Otto Owns"), person("Vera Views")]);
  const workspace = await owner.workspace("Owned & Co");
  await vera.joins(workspace, owner, "viewer");
  expect((await consume(owner, workspace, "ai_credits", 10)).status).toBe(200);
  await page.goto(`/w/${workspace}/usage`);
  await expect(meter(page, "AI credits")).toContainText("10of 10");
  await expect(page.getByText("Ask an owner: Otto Owns.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Compare plans" })).toHaveCount(0);
  await expect(page.getByRole("listitem").filter({ hasText: "AI credits" }).filter({ hasText: "Admins and owners are notified, once a month." })).toBeVisible();
});

test("the overview leads to all usage", async ({ person }) => {
  const { person: ole, page } = await person("Ole Overview");
  const workspace = await ole.workspace("Overview & Co");
  expect((await consume(ole, workspace, "ai_credits", 9)).status).toBe(200);
  await page.goto(`/w/${workspace}`);
  await expect(page.getByRole("meter", { name: "AI credits" })).toBeVisible();
  await page.getByRole("link", { name: "All usage and limits" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Usage" })).toBeFocused();
  await expect(meter(page, "AI credits")).toContainText("9of 10");
});

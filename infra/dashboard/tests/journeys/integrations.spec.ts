// Integrations from the first webhook to the end, with the stand-ins of receivers that the local cloud has.

import { createHmac, randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { account, expect, http, outputs, shot, test } from "./cloud";

test.describe.configure({ mode: "parallel" });

interface Received {
  host: string;
  headers: Record<string, string>;
  body: string;
  objection: string | null;
}

/** What the receiver at `host` got, newest first. */
async function received(host: string): Promise<{ type: string; request: Received }[]> {
  const { body } = await http<Received[]>("GET", `${outputs.receivers_url}/received.json`);
  return body.filter((request) => request.host === host).map((request) => ({ type: (JSON.parse(request.body) as { type: string }).type, request }));
}

/** As Standard Webhooks has it. */
function signature(secret: string, { headers, body }: Received): string {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`).digest("base64")}`;
}

/** A host that nobody else's deliveries go to. */
const freshHost = () => `hooks-${randomBytes(5).toString("hex")}.example.com`;

const region = (page: Page, name: string) => page.getByRole("region", { name });
const rows = (page: Page) => page.getByRole("table", { name: "Deliveries" }).getByRole("row").filter({ has: page.getByRole("rowheader") });

/** Saves with a secret that is made, and returns it. */
async function saveWithSecret(page: Page, action: "Connect" | "Save changes"): Promise<string> {
  await page.getByRole("button", { name: action, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Your signing secret" });
  const secret = await dialog.locator("code").textContent();
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(dialog).toBeHidden();
  expect(secret).toMatch(/^whsec_/);
  return secret ?? "";
}

async function moveTo(page: Page, url: string): Promise<string> {
  await page.getByLabel("URL", { exact: true }).fill(url);
  await page.getByRole("button", { name: "Replace" }).click();
  return saveWithSecret(page, "Save changes");
}

test("a webhook is connected, breaks, and is repaired", async ({ person, allow }) => {
  allow(/status of 402 .*\/integrations\/slack$/);
  test.setTimeout(240_000);
  const [{ person: ana, page, count }, ben, cleo] = await Promise.all([person("Ana Connects"), account("Ben Connects"), account("Cleo Connects")]);
  const workspace = await ana.workspace("Harbour Signals");
  const host = freshHost();

  const secret = await test.step("it is connected, with a secret that is shown once", async () => {
    await page.goto(`/w/${workspace}`);
    await page.getByRole("link", { name: "Connect an integration" }).click();
    await expect(page.getByText("No integration is in use yet")).toBeVisible();
    await page.getByRole("link", { name: "Webhook", exact: true }).click();
    await page.getByLabel("URL", { exact: true }).fill(`https://${host}/berth`);
    await page.getByLabel("Description").fill("Our chat");
    const secret = await saveWithSecret(page, "Connect");
    await expect(page.getByText(`It ends in ${secret.slice(-4)}.`)).toBeVisible();
    await expect(region(page, "Webhook")).toContainText("Not tested");
    await page.reload();
    await expect(page.getByLabel("Description")).toHaveValue("Our chat");
    await expect(page.getByText(secret)).toHaveCount(0);
    return secret;
  });

  await test.step("a test arrives, signed with that secret", async () => {
    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(page.getByText("The test arrived")).toBeVisible();
    await expect(page.getByText("The receiver answered with 200.", { exact: false })).toBeVisible();
    await expect(region(page, "Webhook")).toContainText("Connected");
    expect(count("POST /integrations/webhook/test")).toBe(1);
    const test = (await received(host)).find(({ type }) => type === "test");
    expect(test?.type).toBe("test");
    expect(test?.request.headers["webhook-signature"]).toBe(test && signature(secret, test.request));
    const { body: shown } = await http<string>("GET", outputs.receivers_url);
    expect(shown, "the page of the receivers shows it").toContain(host);
    await shot(page, "integration-tested");
  });

  await test.step("what happens is delivered, and listed without a reload", async () => {
    // The plan has one integration, which is this one.
    await expect(rows(page).filter({ hasText: "A limit of the plan was reached" })).toContainText("Delivered200");
    await ben.joins(workspace, ana, "admin");
    await expect(rows(page).filter({ hasText: "A member joined" })).toContainText("Delivered200");
    expect((await received(host)).map(({ type }) => type).sort()).toEqual(["limit.reached", "member.joined", "test"]);
  });

  await test.step("another integration is more than the plan has", async () => {
    await page.getByRole("link", { name: "All integrations" }).click();
    await expect(page.getByText("The integration of your plan is in use")).toBeVisible();
    await page.getByRole("link", { name: "Slack", exact: true }).click();
    await page.getByLabel("URL of the webhook", { exact: true }).fill("https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX");
    await page.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("All integrations of your plan are in use");
    await expect(page.getByRole("link", { name: "Upgrade to Starter" })).toBeVisible();
    await shot(page, "integration-over");
  });

  await test.step("the receiver breaks", async () => {
    await page.goto(`/w/${workspace}/settings/integrations/webhook`);
    // The stand-in of Slack takes no such request at this path.
    await moveTo(page, "https://hooks.slack.com/nowhere");
    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(page.getByText("The test did not arrive")).toBeVisible();
    await expect(page.getByText("The receiver answered with 400.", { exact: false })).toBeVisible();
    await expect(region(page, "Webhook")).toContainText("Failing");
    await cleo.joins(workspace, ana, "viewer");
    await expect(rows(page).first()).toContainText("400");
    await expect(rows(page).first()).toContainText("next attempt");
    await shot(page, "integration-failing");
  });

  await test.step("it is repaired, and the delivery is retried", async () => {
    await moveTo(page, `https://${host}/berth`);
    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(page.getByText("The test arrived")).toBeVisible();
    await rows(page).first().getByRole("button", { name: /^Retry: A member joined/ }).click();
    await expect(rows(page).first()).toContainText("Delivered200");
    expect(count("GET /integrations/webhook/deliveries"), "the list is read now and then, not without pause").toBeLessThan(120);
    expect((await received(host)).filter(({ type }) => type === "member.joined")).toHaveLength(2);
    await shot(page, "integration-repaired");
  });

  await test.step("it is removed, and its settings stay", async () => {
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog", { name: "Remove Webhook?" }).getByRole("button", { name: "Remove" }).click();
    await expect(page.getByText("It has no secret, so nothing is sent")).toBeVisible();
    await expect(page.getByLabel("Description")).toHaveValue("Our chat");
    await page.getByRole("link", { name: "All integrations" }).click();
    await expect(page.getByText("No integration is in use yet")).toBeVisible();
    await expect(page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "Webhook", exact: true }) })).toContainText("No secret");
  });
});

test("two admins change the same integration, and one loses the role", async ({ person, allow }) => {
  allow(/status of (403|412) .*\/integrations\/webhook(\/deliveries\?limit=50)?$/);
  const [{ person: olga, page }, { person: adam, page: other }] = await Promise.all([person("Olga Connects"), person("Adam Connects")]);
  const workspace = await olga.workspace("Harbour Lights");
  await adam.joins(workspace, olga, "admin");
  const path = `/w/${workspace}/settings/integrations/webhook`;
  const url = `https://${freshHost()}/berth`;
  await olga.call("PUT", "/integrations/webhook", { workspace, body: { config: { url }, generate_secret: true } });

  await test.step("what the other one saved is shown, and nothing is lost", async () => {
    await Promise.all([page.goto(path), other.goto(path)]);
    await other.getByLabel("Description").fill("Of Adam");
    await page.getByLabel("Name", { exact: true }).fill("Of Olga");
    await page.getByRole("button", { name: "Save changes" }).click();
    await expect(page.getByText("Webhook is saved.")).toBeVisible();
    await other.getByRole("button", { name: "Save changes" }).click();
    const conflict = other.getByRole("group", { name: "Somebody else changed this integration in the meantime" });
    await expect(conflict).toContainText("Of Olga");
    await conflict.getByRole("button", { name: "Use mine" }).click();
    await expect(other.getByText("Webhook is saved.")).toBeVisible();
    const { integration_name, config_data } = await olga.call<{ integration_name: string; config_data: object }>("GET", "/integrations/webhook", { workspace });
    expect({ integration_name, config_data }).toEqual({ integration_name: "Of Olga", config_data: { url, description: "Of Adam" } });
  });

  await test.step("a role that is taken away meanwhile is said in the dialog", async () => {
    await other.getByRole("button", { name: "Remove" }).click();
    const { members } = await olga.call<{ members: { id: string; email: string }[] }>("GET", "/team/members", { workspace });
    const id = members.find(({ email }) => email === adam.email)?.id;
    await olga.call("PUT", `/team/members/${id}/role`, { workspace, body: { role: "viewer" } });
    const dialog = other.getByRole("dialog", { name: "Remove Webhook?" });
    await dialog.getByRole("button", { name: "Remove" }).click();
    await expect(dialog.getByRole("alert")).toContainText("Your role does not allow this.");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(other.getByRole("button", { name: "Remove" })).toHaveAccessibleDescription("Only people with the role Admin or a higher one can do this.");
    await expect(other.getByText("Deliveries are not shown to you")).toBeVisible();
    await other.reload();
    await expect(other.getByLabel("URL", { exact: true })).toHaveValue(new URL(url).origin);
  });
});

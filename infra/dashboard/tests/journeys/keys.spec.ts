// An API key from its making to its end: what a program may do with it is what the page says.

import { account, expect, http, outputs, shot, test } from "./cloud";

test.describe.configure({ mode: "parallel" });

interface Problem {
  code: string;
  required_scope?: string;
}

/** Calls the API as a program does. */
const call = <T = Problem>(secret: string, method: string, path: string, body?: object) =>
  http<T>(method, `${outputs.api_url}/v1${path}`, body, { host: outputs.api_host, authorization: `Bearer ${secret}` });

test("a key is made, used, rotated and revoked", async ({ person }) => {
  const { person: ana, page } = await person("Ana Keys");
  await page.context().grantPermissions(["clipboard-write"]);
  const workspace = await ana.workspace("Key Harbour");
  await ana.pays(workspace, "pro");
  const dialog = page.getByRole("dialog");
  const row = page.getByRole("list", { name: "API keys" }).locator("> li").filter({ hasText: "Nightly export" });
  const copied = async () => {
    await page.getByRole("button", { name: "Copy the secret" }).click();
    await expect(dialog.getByText("Copied. Keep it in a secret store")).toBeVisible();
    const secret = await dialog.getByLabel("Secret").inputValue();
    await dialog.getByRole("button", { name: "Done" }).click();
    await expect(dialog).toHaveCount(0);
    return secret;
  };

  const first = await test.step("a key that reads the workspace", async () => {
    await page.goto(`/w/${workspace}`);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("link", { name: "API keys" }).click();
    await page.getByRole("button", { name: "Create a key", exact: true }).first().click();
    await dialog.getByLabel("Name").fill("Nightly export");
    await dialog.getByRole("checkbox", { name: "Workspace: read" }).check();
    await dialog.getByRole("checkbox", { name: "Usage: read" }).check();
    await dialog.getByRole("button", { name: "Create the key" }).click();
    await expect(dialog.getByRole("tabpanel")).toContainText("/v1/workspace");
    await shot(page, "keys-secret");
    const secret = await copied();
    expect(secret).toMatch(/^berth_sk_[0-9A-Za-z]{116}$/);
    await expect(row).toContainText(secret.slice(-4));
    await expect(row).toContainText("Never used");
    return secret;
  });

  await test.step("it does what it says, and nothing else", async () => {
    const head = await call<{ id: string }>(first, "GET", "/workspace");
    expect([head.status, head.body.id]).toEqual([200, workspace]);
    const members = await call(first, "GET", "/team/members");
    expect([members.status, members.body.code, members.body.required_scope]).toEqual([403, "scope_required", "team:read"]);
    await page.reload();
    await expect(row).toContainText("Last used");
  });

  const second = await test.step("rotated, both secrets work", async () => {
    await row.getByRole("button", { name: /^Rotate/ }).click();
    await expect(dialog.getByRole("radio", { name: "for a day" })).toBeChecked();
    await dialog.getByRole("button", { name: "Rotate" }).click();
    const secret = await copied();
    await expect(row).toContainText("The former secret works until");
    for (const one of [first, secret]) expect((await call(one, "GET", "/workspace")).status).toBe(200);
    return secret;
  });

  await test.step("a permission is taken away", async () => {
    await row.getByRole("button", { name: /^Edit/ }).click();
    await dialog.getByRole("checkbox", { name: "Workspace: read" }).uncheck();
    await dialog.getByRole("button", { name: "Save changes" }).click();
    await expect(row.getByRole("list", { name: "Permissions" }).getByRole("listitem")).toHaveText(["usage:read"]);
    expect((await call(second, "GET", "/workspace")).body.code).toBe("scope_required");
  });

  await test.step("revoked, it is refused at once", async () => {
    await row.getByRole("button", { name: /^Revoke/ }).click();
    await dialog.getByRole("button", { name: "Revoke the key" }).click();
    await expect(page.getByText("No API key yet")).toBeVisible();
    for (const one of [first, second]) {
      const { status, body } = await call(one, "GET", "/entitlements");
      expect([status, body.code]).toEqual([401, "key_invalid"]);
    }
    await shot(page, "keys-empty");
  });
});

test("the plan's keys end where the page says", async ({ person }) => {
  const { person: olga, page } = await person("Olga Keys");
  const workspace = await olga.workspace("One Key");
  await olga.call("POST", "/api-keys", { workspace, body: { name: "The only one", scopes: ["usage:read"] } });
  await page.goto(`/w/${workspace}/settings/api-keys`);
  await expect(page.getByText("The plan's one key is in use", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Create a key", exact: true })).toHaveAccessibleDescription("The plan's one key is in use. Revoke it, or choose a larger plan.");
  await page.getByRole("link", { name: "Compare plans" }).click();
  await expect(page).toHaveURL(new RegExp(`/w/${workspace}/settings/billing$`));
});

test("removing a member names their keys, and ends them", async ({ person }) => {
  const [{ person: ana, page }, ben] = await Promise.all([person("Ana Removes"), account("Ben Makes")]);
  const workspace = await ana.workspace("Key Removal");
  await ana.pays(workspace, "pro");
  await ben.joins(workspace, ana, "admin");
  const { secret } = await ben.call<{ secret: string }>("POST", "/api-keys", { workspace, body: { name: "Ben's import", scopes: ["workspace:read"] } });
  expect((await call(secret, "GET", "/workspace")).status).toBe(200);
  await page.goto(`/w/${workspace}/settings/team`);
  await page.getByRole("button", { name: /^Remove .*Ben Makes/ }).click();
  await expect(page.getByRole("dialog").getByText("This API key of theirs stops working at once:")).toBeVisible();
  await expect(page.getByRole("dialog").getByRole("listitem")).toHaveText([/^Ben's import, last used/]);
  await page.getByRole("button", { name: "Remove from the workspace" }).click();
  await expect(page.getByText(/Ben Makes.* was removed\./)).toBeVisible();
  const { status, body } = await call(secret, "GET", "/workspace");
  expect(status).toBe(401);
  // Its record is deleted within a minute or so.
  expect(["key_maker_left", "key_invalid"]).toContain(body.code);
});

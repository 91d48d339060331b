// The pictures of README.md and docs/dashboard.md, of pages of a local cloud. They are written with WRITE_PICTURES=1 only.

import type { Page } from "@playwright/test";
import { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { account, enter, expect, http, linkIn, mailTo, outputs, Person, pool, test } from "./cloud";

test.skip(process.env["WRITE_PICTURES"] !== "1", "pictures are written with WRITE_PICTURES=1");
test.setTimeout(300_000);

test("pictures of the dashboard", async ({ visitor }) => {
  const [ana, ben, cleo, dina] = await Promise.all([known("Ana Lima"), known("Ben Okafor"), known("Cleo Marchetti"), account("Dina Haddad")]);

  await test.step("sign-in", async () => {
    const { page } = await visitor({ viewport: { width: 1280, height: 760 } });
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill(ana.email);
    await page.getByLabel("Password", { exact: true }).fill(ana.password);
    await page.getByRole("heading", { level: 1 }).focus();
    await picture(page, "dashboard/sign-in");
  });

  await test.step("an account's workspaces", async () => {
    const { page } = await visitor({ viewport: { width: 1280, height: 640 } });
    const { workspaces } = await ben.call<{ workspaces: { name: string }[] }>("GET", "/workspaces");
    if (!workspaces.some(({ name }) => name === "Okafor Research")) await ben.workspace("Okafor Research");
    await enter(page, ben);
    await page.goto("/workspaces");
    await expect(page.getByRole("link", { name: "Okafor Research" }).first()).toBeVisible();
    await picture(page, "dashboard/workspaces");
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto("/account");
    await expect(page.getByRole("heading", { name: "Account", level: 1 })).toBeVisible();
    await expect(page.getByLabel("Name")).toHaveValue("Ben Okafor");
    await picture(page, "dashboard/account");
  });

  await test.step("the first steps in a new workspace", async () => {
    const { page } = await visitor({ viewport: { width: 1280, height: 900 } });
    await enter(page, dina);
    await page.goto(`/w/${await dina.workspace("Haddad Studio")}`);
    await expect(page.getByRole("heading", { name: "Get started" })).toBeVisible();
    await expect(page.getByText("Dina Haddad created the workspace")).toBeVisible();
    await picture(page, "dashboard/overview");
  });

  const workspace = await ana.workspace("Lima Robotics");
  await ana.pays(workspace, "pro");
  await ben.joins(workspace, ana, "admin");
  await ana.call("PUT", "/integrations/slack", {
    workspace,
    body: { config: {}, secret: "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX" },
  });
  await cleo.joins(workspace, ben, "member");
  await ana.call("POST", "/team/invite", { workspace, body: { email: "eli.novak@example.com", role: "viewer" } });
  const used = { executions: 83_200, traces: 96_400, ai_credits: 431, gateways: 3, plugins: 17, storage_mb: 8_704 };
  for (const [meter, amount] of Object.entries(used)) {
    await ana.call("POST", "/usage/consume", { workspace, body: { meter, amount, key: meter } });
  }
  const { page } = await visitor({ viewport: { width: 1280, height: 900 } });
  await enter(page, ana, { stay: true });

  await test.step("the overview of a workspace whose container runs", async () => {
    await page.goto(`/w/${workspace}`);
    const container = page.getByRole("region", { name: "Container" });
    await container.getByRole("button", { name: "Start", exact: true }).click();
    const id = await container.getByRole("code").textContent();
    const cpu = container.getByRole("meter", { name: "CPU" });
    await expect(container.getByRole("meter", { name: "Memory" })).toBeVisible({ timeout: 30_000 });
    const work = keepBusy(id ?? "");
    await expect.poll(async () => Number(await cpu.getAttribute("aria-valuenow")), { timeout: 70_000 }).toBeGreaterThan(20);
    await page.reload();
    await expect(page.getByText("Ana Lima started the container")).toBeVisible();
    await picture(page, "dashboard");
    for (const [name, options] of [
      ["overview-dark", { viewport: { width: 1280, height: 900 }, colorScheme: "dark" }],
      ["overview-phone", { viewport: { width: 390, height: 844 } }],
    ] as const) {
      const other = await visitor(options);
      await enter(other.page, ana);
      await other.page.goto(`/w/${workspace}`);
      await expect(other.page.getByText("Ana Lima started the container")).toBeVisible();
      await picture(other.page, `dashboard/${name}`);
    }
    await work.end();
  });

  await test.step("team", async () => {
    await page.goto(`/w/${workspace}/settings/team`);
    await expect(page.getByRole("list", { name: "Members" }).getByRole("listitem")).toHaveCount(3);
    await expect(page.getByText("1 of them is an invitation.")).toBeVisible();
    await picture(page, "dashboard/team");
  });

  await test.step("general settings, notifications and the doctor", async () => {
    for (const [path, name] of [
      ["settings", "General"],
      ["settings/notifications", "Notifications"],
      ["settings/doctor", "Doctor"],
    ] as const) {
      await page.goto(`/w/${workspace}/${path}`);
      await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
      await picture(page, `dashboard/${name.toLowerCase()}`);
    }
  });

  await test.step("usage", async () => {
    await page.goto(`/w/${workspace}/usage`);
    await expect(page.getByRole("heading", { name: "Usage", level: 1 })).toBeVisible();
    await picture(page, "dashboard/usage");
  });

  await test.step("integrations, and one of them", async () => {
    await page.goto(`/w/${workspace}/settings/integrations`);
    await expect(page.getByRole("heading", { name: "Integrations", level: 1 })).toBeVisible();
    await picture(page, "dashboard/integrations");
    await page.goto(`/w/${workspace}/settings/integrations/slack`);
    await expect(page.getByRole("heading", { name: "Slack", level: 1 })).toBeVisible();
    await picture(page, "dashboard/integration");
  });

  await test.step("API keys", async () => {
    await ana.call("POST", "/api-keys", { workspace, body: { name: "Nightly export", scopes: ["usage:read", "audit:read"] } });
    await ana.call("POST", "/api-keys", { workspace, body: { name: "Build pipeline", scopes: ["runtime:write"], networks: ["203.0.113.0/24"], expires_in_days: 30 } });
    await ana.call("POST", "/api-keys", { workspace, body: { name: "Reporting", scopes: ["billing:read", "usage:read"], service: true } });
    await page.goto(`/w/${workspace}/settings/api-keys`);
    await expect(page.getByRole("list", { name: "API keys" }).locator("> li")).toHaveCount(3);
    await picture(page, "dashboard/api-keys");
  });

  await test.step("the inbox and the palette", async () => {
    await page.goto(`/w/${workspace}`);
    await page.getByRole("button", { name: /^Notifications/ }).click();
    await expect(page.getByRole("list", { name: "Notifications, newest first" }).getByRole("listitem").first()).toBeVisible();
    await picture(page, "dashboard/inbox");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("combobox")).toBeFocused();
    await picture(page, "dashboard/palette");
    await page.keyboard.press("Escape");
  });

  await test.step("billing, and what a smaller plan would change", async () => {
    await page.goto(`/w/${workspace}/settings/billing`);
    await expect(page.getByRole("button", { name: "Downgrade to Starter" })).toBeVisible();
    await expect(page.getByRole("row").filter({ hasText: "$29.00" })).toBeVisible();
    await picture(page, "dashboard/billing");
    await page.setViewportSize({ width: 960, height: 940 });
    await page.getByRole("button", { name: "Downgrade to Starter" }).click();
    await expect(page.getByText("are over the limits of Starter")).toBeVisible();
    await picture(page, "dashboard/plan-change");
  });

  await test.step("the audit log of a workspace whose plan has it", async () => {
    const logged = await ana.workspace("Lima Harbour");
    await ana.pays(logged, "business");
    await ben.joins(logged, ana, "admin");
    await cleo.joins(logged, ben, "viewer");
    await ana.call("PUT", "/integrations/slack", { workspace: logged, body: { config: {}, secret: "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX" } });
    const { members } = await ana.call<{ members: { id: string; email: string }[] }>("GET", "/team/members", { workspace: logged });
    await ben.call("PUT", `/team/members/${members.find(({ email }) => email === cleo.email)?.id}/role`, { workspace: logged, body: { role: "member" } });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`/w/${logged}/settings/audit`);
    await page.getByRole("button", { name: "Verify" }).click();
    await expect(page.getByText("The log is whole")).toBeVisible();
    await page.getByRole("button", { name: /^Details: Ben Okafor gave/ }).click();
    await expect(page.getByRole("heading", { name: "What changed" })).toBeVisible();
    await picture(page, "dashboard/audit");
  });

  await test.step("the operator's console with the facts of a workspace", async () => {
    const jane = await known("Jane Doe");
    await pool("AdminAddUserToGroup", { UserPoolId: outputs.user_pool_id, Username: jane.email, GroupName: "staff" });
    const { page } = await visitor({ viewport: { width: 1280, height: 900 } });
    await enter(page, jane);
    await page.goto(`/operator/workspaces/${workspace}`);
    await expect(page.getByRole("heading", { level: 1, name: "Lima Robotics" })).toBeVisible();
    await picture(page, "dashboard/operator");
    for (const [path, name] of [
      [`workspaces/${workspace}/doctor`, "doctor"],
      ["rounds", "rounds"],
      ["letters", "letters"],
      ["queues", "queues"],
      ["alarms", "alarms"],
    ] as const) {
      await page.goto(`/operator/${path}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
      await picture(page, `dashboard/operator-${name}`);
    }
    await page.goto("/operator");
    await page.getByLabel("What to look for").fill(ana.email);
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await expect(page.getByRole("list", { name: "Workspaces found" }).getByRole("link").first()).toBeVisible();
    await picture(page, "dashboard/operator-search");
  });

  await ana.call("POST", "/workspace/stop", { workspace });

  await test.step("an invitation", async () => {
    const { page } = await visitor({ viewport: { width: 1280, height: 640 } });
    const guest = await account("Fay Lindqvist");
    await enter(page, guest);
    await ana.call("POST", "/team/invite", { workspace, body: { email: guest.email, role: "member" } });
    const { pathname, search } = new URL(linkIn(await mailTo(guest.email, /invite=/), /\/signup\?invite=/));
    await page.goto(pathname + search);
    await expect(page.getByRole("button", { name: "Accept" })).toBeVisible();
    await picture(page, "dashboard/invitation");
  });

  await test.step("the receipt of a deletion", async () => {
    const ended = await ana.workspace("Lima Sandbox");
    await page.setViewportSize({ width: 1280, height: 760 });
    await page.goto(`/w/${ended}/settings`);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("Lima Sandbox");
    await page.getByRole("dialog").getByRole("button", { name: "Delete workspace" }).click();
    await expect(page).toHaveURL(/deletions/);
    await expect(page.getByText("4 of 4 parts are deleted")).toBeVisible({ timeout: 90_000 });
    await picture(page, "dashboard/deletion");
  });
});

/** Someone with an address that reads well. They may have had an account before. */
async function known(name: string): Promise<Person> {
  const email = `${name.toLowerCase().replace(" ", ".")}@example.com`;
  return account(name, email).catch((error: Error) => {
    if (error.message.includes("UsernameExistsException")) return new Person(name, email);
    throw error;
  });
}

/** Writes docs/<name>.png, of what the window shows. */
async function picture(page: Page, name: string): Promise<void> {
  const path = fileURLToPath(new URL(`../../../../docs/${name}.png`, import.meta.url));
  // Skeletons of what is still loaded move without an end.
  await page.waitForFunction(() => document.getAnimations().every((one) => one.effect?.getComputedTiming().endTime !== Infinity));
  await page.evaluate(async () => {
    document.documentElement.style.scrollbarGutter = "auto";
    for (const one of document.getAnimations()) one.finish();
    await document.fonts.ready;
  });
  await page.screenshot({ path, caret: "hide" });
  expect(statSync(path).size, `${name} is small enough for a repository`).toBeLessThan(150 * 1024);
}

const PLUGIN = `export default async ({ seconds }) => {
  const held = Buffer.alloc(480 * 1024 * 1024, 1);
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    for (const pause = Date.now() + 35; Date.now() < pause; ) held[Math.floor(Math.random() * held.length)] += 1;
    await new Promise((done) => setTimeout(done, 65));
  }
};
`;

/** Gives a container something to do: a plugin that runs again and again. The local cloud runs containers as processes. */
function keepBusy(id: string): { end: () => Promise<void> } {
  const [pid] = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/cmdline`, "utf8").includes("gateway.js") && readlinkSync(`/proc/${entry}/cwd`).endsWith(id));
  if (!pid) throw new Error(`no process of the container ${id}`);
  const environment = Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").map((pair) => pair.split(/=(.*)/s) as [string, string]),
  );
  writeFileSync(join(readlinkSync(`/proc/${pid}/cwd`), "plugins", "forecast.js"), PLUGIN);
  let ended = false;
  const work = (async () => {
    while (!ended) await http("POST", `http://127.0.0.1:${environment["BERTH_GATEWAY_PORT"]}/executions/forecast`, { seconds: 4 });
  })();
  return {
    end: async () => {
      ended = true;
      await work;
    },
  };
}

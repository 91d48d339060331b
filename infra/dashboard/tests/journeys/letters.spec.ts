// Links lead back: those in letters, and those of Stripe's page, name the workspace and land on the right page, also when signed out.

import { account, expect, freshAddress, http, linkIn, mailTo, operate, outputs, shot, signIn, test } from "./cloud";

test("the link of an invitation waits for its person to sign in", async ({ visitor }) => {
  const [owner, guest, { page }] = await Promise.all([account("Olga Petrov"), account("Gus Weber"), visitor()]);
  const workspace = await owner.workspace("Petrov Maps");
  await owner.call("POST", "/team/invite", { workspace, body: { email: guest.email, role: "viewer" } });
  await page.goto(linkIn(await mailTo(guest.email, /\/signup\?invite=/), /\/signup\?invite=/));
  await page.getByRole("link", { name: "Sign in" }).click();
  await signIn(page, guest);
  await expect(page.getByRole("heading", { name: "Join" })).toContainText("Petrov Maps");
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(page).toHaveURL(`${outputs.dashboard_url}/w/${workspace}`);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Team" }).click();
  await expect(page.getByRole("list", { name: "Members" }).getByRole("listitem")).toHaveCount(2);
});

test("a letter about a suspension leads to its workspace", async ({ visitor }) => {
  const [owner, { page }] = await Promise.all([account("Sven Dahl"), visitor()]);
  // The last workspace that a browser opened is another one.
  const workspace = await owner.workspace("Dahl Shipping");
  const other = await owner.workspace("Dahl Archive");
  await operate({ command: "suspend", workspace, reason: "An invoice is disputed" });
  const link = linkIn(await mailTo(owner.email, /suspended/), /\/w\//);
  expect(link).toBe(`${outputs.dashboard_url}/w/${workspace}`);
  await page.goto(link);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.evaluate((other) => localStorage.setItem("berth.workspace", other), other);
  await signIn(page, owner);
  await expect(page).toHaveURL(link);
  await expect(page.getByText("This workspace is suspended", { exact: true })).toBeVisible();
  await expect(page.getByText("An invoice is disputed").first()).toBeVisible();
  await expect(page.getByRole("main").getByText("Dahl Shipping")).toBeVisible();
  await expect(page.getByRole("button", { name: "Start", exact: true })).toHaveAccessibleDescription(/^This workspace is suspended\./);
  await shot(page, "8-suspended");
});

test("a letter about a trial leads to the billing of its workspace", async ({ visitor }) => {
  const [owner, { page }] = await Promise.all([account("Tara Quinn"), visitor()]);
  const workspace = await owner.workspace("Quinn Labs");
  await operate({ command: "grant_trial", workspace, days: 2 });
  await owner.pays(workspace, "starter");
  const link = linkIn(await mailTo(owner.email, /trial/), /\/w\//);
  expect(link).toBe(`${outputs.dashboard_url}/w/${workspace}/settings/billing`);
  await page.goto(link);
  await signIn(page, owner);
  await expect(page).toHaveURL(link);
  await expect(page.getByText("Trial ends on")).toBeVisible();
  await shot(page, "8-trial");
});

test("Stripe's page leads back to the workspace that was paid for", async ({ visitor }) => {
  const [owner, { page, count }] = await Promise.all([account("Uma Rossi"), visitor()]);
  const workspace = await owner.workspace("Rossi Foods");
  const { url } = await owner.call<{ url: string }>("POST", "/billing/checkout", { workspace, body: { plan: "pro" } });
  const back = String((await http("POST", `${url}/pay`)).headers["location"]);
  expect(back).toContain(`${outputs.dashboard_url}/w/${workspace}/settings/billing?`);
  await page.goto(back);
  await signIn(page, owner);
  await expect(page.getByText("You are on Pro now")).toBeVisible();
  await expect(page).toHaveURL(`${outputs.dashboard_url}/w/${workspace}/settings/billing`);
  expect(count("POST /billing/sync")).toBe(1);
});

test("an invitation is for its own address", async ({ person, allow }) => {
  allow(/status of 403 .*\/accept$/);
  const owner = await account("Vera Novak");
  const invited = freshAddress("wim");
  const workspace = await owner.workspace("Novak Glass");
  await owner.call("POST", "/team/invite", { workspace, body: { email: invited, role: "viewer" } });
  const { person: stranger, page } = await person("Xenia Roth");
  await page.goto(linkIn(await mailTo(invited, /\/signup\?invite=/), /\/signup\?invite=/));
  await expect(page.getByRole("heading", { name: "We cannot find this invitation" })).toBeVisible();
  await expect(page.getByText("Novak Glass")).toHaveCount(0);
  await page.getByRole("button", { name: "Try to accept" }).click();
  await expect(page.getByRole("heading", { name: "This invitation is for another address" })).toBeVisible();
  expect(await stranger.call("GET", "/workspaces")).toMatchObject({ workspaces: [] });
});

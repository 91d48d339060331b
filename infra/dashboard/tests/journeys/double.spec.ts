// Two clicks are one order: what a person sends twice by haste happens once.

import { expect, test, type Opened } from "./cloud";

/** The orders of one kind that went out: one request, or several under one key. */
function expectOnce(sent: Opened["sent"], call: string) {
  const orders = sent.filter((one) => one.call === call);
  expect(orders, call).not.toHaveLength(0);
  if (orders.length > 1) expect(new Set(orders.map(({ headers }) => headers["idempotency-key"])), `${call}: under one key`).toHaveProperty("size", 1);
  expect(orders[0]?.headers["idempotency-key"], `${call}: its key`).toMatch(/^[0-9a-f-]{36}$/);
}

test("a double click creates, invites, starts and pays once", async ({ person }) => {
  const { person: otto, page, sent, count } = await person("Otto Wels");
  let workspace = "";

  await test.step("a workspace", async () => {
    await page.goto("/workspaces");
    await page.getByLabel("Name").fill("Wels Maps");
    await page.getByRole("button", { name: "Create workspace" }).dblclick();
    await expect(page.getByRole("heading", { name: "Get started" })).toBeVisible();
    expectOnce(sent, "POST /workspaces");
    const { workspaces } = await otto.call<{ workspaces: { id: string }[] }>("GET", "/workspaces");
    expect(workspaces).toHaveLength(1);
    workspace = workspaces[0]?.id ?? "";
  });

  await test.step("a container", async () => {
    const container = page.getByRole("region", { name: "Container" });
    await container.getByRole("button", { name: "Start", exact: true }).dblclick();
    await expect(container.getByText(/^\WRunning$/)).toBeVisible({ timeout: 30_000 });
    expectOnce(sent, "POST /workspace/start");
    await container.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop" }).dblclick();
    await expect(container.getByText(/^\WStopped$/)).toBeVisible({ timeout: 30_000 });
    expectOnce(sent, "POST /workspace/stop");
  });

  await test.step("an invitation", async () => {
    await page.goto(`/w/${workspace}/settings/team?invite=true`);
    await page.getByLabel("E-mail addresses").fill("wanda@example.com");
    await page.getByRole("button", { name: "Send 1 invitation" }).dblclick();
    await expect(page.getByText("1 invitation is on its way.")).toBeVisible();
    expectOnce(sent, "POST /team/invite");
    const { invitations } = await otto.call<{ invitations: unknown[] }>("GET", "/team/invitations", { workspace });
    expect(invitations).toHaveLength(1);
    await page.getByRole("button", { name: /^Send again/ }).dblclick();
    await expect(page.getByText("is on its way again.")).toBeVisible();
    expectOnce(
      sent.map((one) => ({ ...one, call: one.call.replace(/inv_\w+/, "{id}") })),
      "POST /team/invitations/{id}/resend",
    );
  });

  const invoices = async () => (await otto.call<{ invoices: { status: string; amount_paid: number }[] }>("GET", "/billing/invoices", { workspace })).invoices;

  await test.step("a payment", async () => {
    await page.goto(`/w/${workspace}/settings/billing`);
    await page.getByRole("button", { name: "Choose Pro" }).dblclick();
    const dialog = page.getByRole("dialog", { name: "Choose Pro" });
    await dialog.getByRole("button", { name: "Continue to payment" }).dblclick();
    await page.getByRole("button", { name: "Pay", exact: true }).click();
    await expect(page.getByText("You are on Pro now")).toBeVisible();
    expectOnce(sent, "POST /billing/checkout");
    expectOnce(sent, "POST /billing/sync");
    expect(count("POST /billing/sync")).toBe(1);
    expect(await invoices()).toEqual([expect.objectContaining({ status: "paid", amount_paid: 2900 })]);
  });

  await test.step("an upgrade", async () => {
    await page.getByRole("button", { name: "Upgrade to Business" }).dblclick();
    await page.getByRole("dialog").getByRole("button", { name: /^Pay .* and upgrade$/ }).dblclick();
    await expect(page.getByText("You are on Business now.")).toBeVisible();
    // A change of the plan is no POST: it says what is to be, and says it once.
    expect(count("PUT /billing/plan")).toBe(1);
    expect((await invoices()).filter(({ status }) => status === "paid")).toHaveLength(2);
  });
});

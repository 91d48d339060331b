// The container: it starts, reports what it uses, restarts, and stops.

import { expect, shot, test, type Opened } from "./cloud";

test("a container starts, reports, restarts and stops", async ({ person }) => {
  const { person: ida, page, count } = await person("Ida Berg");
  const workspace = await ida.workspace("Berg Weather");
  await page.goto(`/w/${workspace}`);
  const container = page.getByRole("region", { name: "Container" });
  const figure = (name: "Memory" | "CPU") => container.getByRole("meter", { name });
  const button = (name: string) => container.getByRole("button", { name, exact: true });

  const badge = (name: string) => container.getByText(new RegExp(`^\\W${name}$`));

  await test.step("it starts", async () => {
    await expect(badge("Stopped")).toBeVisible();
    await expect(button("Stop")).toHaveAccessibleDescription("It is not running.");
    await button("Start").click();
    await expect(badge("Running")).toBeVisible();
    await expect(button("Start")).toHaveAccessibleDescription("It is running already.");
    expect(count("POST /workspace/start")).toBe(1);
  });

  await test.step("its figures show and change", async () => {
    await expect(figure("Memory")).toBeVisible({ timeout: 30_000 });
    await expect(figure("Memory")).toHaveAttribute("aria-valuetext", /^\d+ \/ 512 MiB$/);
    const [memory, cpu] = [await value(figure("Memory")), await value(figure("CPU"))];
    expect(memory).toBeGreaterThan(10);
    await shot(page, "6-first-figures");
    // The container reports each half minute, and the page looks each quarter.
    await expect.poll(() => value(figure("CPU")), { timeout: 60_000 }).not.toBe(cpu);
    await shot(page, "6-figures");
  });

  const first = await container.getByRole("code").textContent();

  await test.step("it restarts after a question", async () => {
    await button("Restart").click();
    const dialog = page.getByRole("dialog", { name: "Restart the container?" });
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(count("POST /workspace/restart")).toBe(0);
    await button("Restart").click();
    await dialog.getByRole("button", { name: "Restart" }).click();
    await expect(dialog).toBeHidden();
    await expect(container.getByRole("code"), "another container has taken over").not.toHaveText(first ?? "", { timeout: 30_000 });
    await expect(badge("Running")).toBeVisible();
    expect(count("POST /workspace/restart")).toBe(1);
  });

  await test.step("it stops after a question", async () => {
    await button("Stop").click();
    const dialog = page.getByRole("dialog", { name: "Stop the container?" });
    await expect(dialog).toContainText("What runs in it ends.");
    await dialog.getByRole("button", { name: "Stop" }).click();
    await expect(badge("Stopped")).toBeVisible({ timeout: 30_000 });
    await expect(container.getByText("Uses nothing while it is off.")).toBeVisible();
    await expect(container.getByText("Stopped by a member.")).toBeVisible();
    expect(count("POST /workspace/stop")).toBe(1);
    await shot(page, "6-stopped");
  });
});

async function value(meter: ReturnType<Opened["page"]["getByRole"]>): Promise<number> {
  return Number(await meter.getAttribute("aria-valuenow"));
}

// Two tabs change the same workspace: nobody's words are lost.

import { expect, shot, test } from "./cloud";

test("the second of two tabs sees theirs and keeps its own", async ({ person, allow }) => {
  // The version that the second tab began from is not the newest any more.
  allow(/status of 412 .*\/workspace$/);
  const { person: nora, page: first, sent } = await person("Nora Falk", { stay: true });
  const workspace = await nora.workspace("Falk Studio");
  const head = () => nora.call<{ name: string; description?: string; timezone: string }>("GET", "/workspace", { workspace });
  const path = `/w/${workspace}/settings`;
  const second = await first.context().newPage();
  for (const page of [first, second]) {
    await page.goto(path);
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Falk Studio");
  }
  const tags = () => sent.filter(({ call }) => call === "PUT /workspace").map(({ headers }) => headers["if-match"]);

  await test.step("both are written in, and the first is saved", async () => {
    await second.getByLabel("Name", { exact: true }).fill("Falk & Daughters");
    await first.getByLabel("Name", { exact: true }).fill("Falk Brothers");
    await first.getByLabel("Description").fill("Where the boats are drawn.");
    await first.getByRole("button", { name: "Save changes" }).click();
    await expect(first.getByText("The changes are saved.")).toBeVisible();
    expect(await head()).toMatchObject({ name: "Falk Brothers", description: "Where the boats are drawn." });
  });

  await test.step("the second is refused, and shows both versions", async () => {
    const refused = second.waitForResponse((answer) => answer.request().method() === "PUT" && answer.url().endsWith("/workspace"));
    await second.getByRole("button", { name: "Save changes" }).click();
    expect((await refused).status()).toBe(412);
    const conflict = second.getByRole("group", { name: "Somebody else changed this workspace in the meantime" });
    await expect(conflict.getByRole("heading", { level: 3 })).toBeFocused();
    await expect(conflict.getByText("Falk Brothers")).toBeVisible();
    await expect(conflict.getByText("Falk & Daughters")).toBeVisible();
    await expect(conflict.getByText("Where the boats are drawn.")).toBeVisible();
    await expect(second.getByLabel("Name", { exact: true }), "their own words are still there").toHaveValue("Falk & Daughters");
    expect(await head(), "and nothing is overwritten").toMatchObject({ name: "Falk Brothers" });
    await conflict.getByRole("button", { name: "Take theirs" }).scrollIntoViewIfNeeded();
    await shot(second, "two-tabs");
  });

  await test.step("their own name replaces the other, and what they did not touch stays", async () => {
    await second.getByRole("button", { name: "Use mine" }).click();
    await expect(second.getByText("The changes are saved.")).toBeVisible();
    await expect(second.getByLabel("Description")).toHaveValue("Where the boats are drawn.");
    expect(await head()).toMatchObject({ name: "Falk & Daughters", description: "Where the boats are drawn." });
    await expect(second.getByLabel("Name", { exact: true }), "the focus is not lost with the button").toBeFocused();
  });

  await test.step("every save named the version that it replaces", async () => {
    const [one, stale, fresh] = tags();
    expect(tags()).toHaveLength(3);
    expect(one).toMatch(/^"?\S+"?$/);
    expect(stale, "both tabs began from the same version").toBe(one);
    expect(fresh).not.toBe(one);
  });
});

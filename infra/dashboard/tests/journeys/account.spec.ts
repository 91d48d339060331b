// The account: a forgotten password, and sign-in with a code of an authenticator.

import { createHmac } from "node:crypto";
import { account, expect, mailTo, pool, RESET_CODE, shot, signIn, test, outputs } from "./cloud";

test("a forgotten password is replaced by a code", async ({ visitor, allow }) => {
  // The user pool refuses the old password, as it should.
  allow(/status of 400 .*127\.0\.0\.1/);
  const [person, { page }] = await Promise.all([account("Mira Sol"), visitor()]);
  const next = "Another-password-2";
  await page.goto("/workspaces");
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(page.getByLabel("E-mail address")).toHaveValue(person.email);
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
  await mailTo(person.email, new RegExp(RESET_CODE));
  await page.getByLabel("Code").fill(RESET_CODE);
  await page.getByLabel("New password").fill(next);
  await shot(page, "2-reset");
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByLabel("E-mail address")).toHaveValue(person.email);

  await signIn(page, person);
  await expect(page.getByRole("alert")).toContainText("The address or the password is wrong.");
  await signIn(page, { email: person.email, password: next });
  await expect(page).toHaveURL(`${outputs.dashboard_url}/workspaces`);
  await expect(page.getByRole("heading", { name: "Create your first workspace" })).toBeVisible();
});

test("sign-in asks for a code once two steps are on", async ({ person, allow }) => {
  allow(/status of 400 .*127\.0\.0\.1/);
  const { person: noor, page } = await person("Noor Haddad");
  let secret = "";

  await test.step("it is turned on in the account", async () => {
    await page.goto("/account");
    await page.getByRole("button", { name: "Turn on" }).click();
    const dialog = page.getByRole("dialog", { name: "Turn on two-step sign-in" });
    secret = ((await dialog.getByLabel("Secret", { exact: true }).textContent()) ?? "").replaceAll(" ", "");
    expect(secret).toMatch(/^[A-Z2-7]{16,}$/);
    await dialog.getByLabel("Code").fill(codeOf(secret));
    await shot(page, "2-two-steps");
    await dialog.getByRole("button", { name: "Turn on" }).click();
    await expect(page.getByText("Two-step sign-in is on.")).toBeVisible();
    await expect(page.getByRole("heading", { name: "Two-step sign-in On" })).toBeVisible();
  });

  await test.step("the password alone no longer opens the account", async () => {
    const answer = await pool<{ ChallengeName?: string }>("InitiateAuth", {
      ClientId: outputs.user_pool_client_id,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: noor.email, PASSWORD: noor.password },
    });
    expect(answer.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    await page.getByRole("main").getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
    await page.goto("/account");
    await signIn(page, noor);
    await expect(page.getByRole("heading", { name: "Enter the code of your authenticator" })).toBeVisible();
    await page.getByLabel("Code").fill(codeOf("A".repeat(32)));
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByRole("alert")).toContainText("This code is wrong.");
    await page.getByLabel("Code").fill(codeOf(secret));
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page).toHaveURL(`${outputs.dashboard_url}/account`);
    await expect(page.getByRole("heading", { name: "Two-step sign-in On" })).toBeVisible();
  });

  await test.step("it is turned off again", async () => {
    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
    await expect(page.getByRole("heading", { name: "Two-step sign-in Off" })).toBeVisible();
  });
});

/** The code that an authenticator shows now: https://www.rfc-editor.org/rfc/rfc6238. */
function codeOf(secret: string): string {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(time).digest();
  const value = mac.readUInt32BE((mac.at(-1) ?? 0) & 0xf) & 0x7fff_ffff;
  return String(value % 1_000_000).padStart(6, "0");
}

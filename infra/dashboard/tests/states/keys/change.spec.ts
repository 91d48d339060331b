import { expect, test } from "@playwright/test";
import { json } from "../audit";
import { list } from "../parts";
import { open, seen, seenEverywhere, WORKSPACE } from "../stage";
import { ANA, BEN, button, dialog, key, keys, names, PATH, people, refuse, row, SECRET, stage } from "./keys";

interface Sent {
  method: string;
  path: string;
  body: unknown;
  key: string | undefined;
}

const of = (asked: Sent[], method: string) => asked.filter((one) => one.method === method).map(({ body }) => body);

test("a_key_is_rotated_with_an_overlap", async ({ page }) => {
  const asked: Sent[] = [];
  await open(page, PATH, stage({ asked }));
  await button(page, "Rotate ⁨Nightly import⁩").click();
  await expect(dialog(page).getByRole("radio", { name: "for a day" })).toBeChecked();
  await seenEverywhere(page, "keys-rotate");
  await dialog(page).getByRole("radio", { name: "for a week" }).check();
  await dialog(page).getByRole("button", { name: "Rotate" }).dblclick();
  await expect(dialog(page).getByRole("heading", { name: "Its new secret" })).toBeVisible();
  await expect(dialog(page).getByLabel("Secret")).toHaveValue(SECRET);
  expect(of(asked, "POST")).toEqual([{ overlap_hours: 168 }]);
  await dialog(page).getByRole("button", { name: "Done" }).click();
  await dialog(page).getByRole("button", { name: "Close without it" }).click();
  await expect(row(page, "Nightly import")).toContainText("new4");
  await expect(row(page, "Nightly import")).toContainText("The former secret works until Dec 5, 2026");
});

test("an_expired_key_is_made_valid_again", async ({ page }) => {
  const asked: Sent[] = [];
  const expired = key(1, "Old prototype", { state: "expired", expires_at: "2026-11-20T10:00:00Z" });
  await open(page, PATH, stage({ kept: [expired], asked }));
  await button(page, "Rotate ⁨Old prototype⁩").click();
  await expect(dialog(page).getByText("The present secret has expired already.")).toBeVisible();
  await expect(dialog(page).getByRole("radio")).toHaveCount(0);
  await dialog(page).getByRole("button", { name: "Rotate" }).click();
  await expect(dialog(page).getByLabel("Secret")).toBeVisible();
  expect(of(asked, "POST")).toEqual([{ overlap_hours: 0 }]);
});

test("a_second_rotation_says_what_it_ends", async ({ page }) => {
  await open(page, PATH, stage());
  await button(page, "Rotate ⁨Fleet control⁩").click();
  await expect(dialog(page).getByText("Another secret from an earlier rotation still works.")).toBeVisible();
  await seen(page, "keys-rotate-second");
});

test("a_lost_rotation_says_what_another_one_ends", async ({ page }) => {
  let count = 0;
  const sent: Sent[] = [];
  const answers = stage({ asked: sent });
  await open(page, PATH, {
    ...answers,
    "POST /api-keys/{id}/rotate": (route) => (count++ === 0 ? json(route, { ...keys[0], secret: null }) : (answers["POST /api-keys/{id}/rotate"] as (r: typeof route) => Promise<void>)(route)),
  });
  await button(page, "Rotate ⁨Nightly import⁩").click();
  await dialog(page).getByRole("button", { name: "Rotate" }).click();
  await expect(dialog(page)).toContainText("This ends the secret that your programs use now");
  await seen(page, "keys-rotate-lost");
  await dialog(page).getByRole("button", { name: "Rotate now" }).click();
  await expect(dialog(page).getByRole("heading", { name: "Its new secret" })).toBeVisible();
  expect(of(sent, "POST")).toEqual([{ overlap_hours: 0 }]);
});

for (const [code, status, said] of [
  ["key_of_another", 403, "Only its maker rotates a key, and owners a service key."],
  ["key_not_found", 404, "This key is gone: it was revoked"],
  ["key_changed", 409, "The key was changed by another request at the same moment."],
  ["service_keys_by_owners", 403, "Only owners make service keys."],
] as const) {
  test(`a_rotation_refused_as_${code}_says_what_to_do`, async ({ page }) => {
    await open(page, PATH, { ...stage(), "POST /api-keys/{id}/rotate": (route) => refuse(route, status, code) });
    await button(page, "Rotate ⁨Nightly import⁩").click();
    await dialog(page).getByRole("button", { name: "Rotate" }).click();
    await expect(dialog(page).getByRole("alert")).toContainText(said);
    await expect(dialog(page).getByRole("alert")).toContainText("req-0123456789");
    await seen(page, `keys-rotate-${code}`);
  });
}

test("only_what_was_changed_is_sent", async ({ page }) => {
  const asked: Sent[] = [];
  await open(page, PATH, stage({ asked }));
  await button(page, "Edit ⁨Billing export⁩").click();
  const save = dialog(page).getByRole("button", { name: "Save changes" });
  await expect(save).toHaveAccessibleDescription("Nothing is changed.");
  await expect(dialog(page).getByRole("checkbox", { name: "Usage: write" })).toHaveAccessibleDescription("It does not have this permission, and cannot get it. Make another key.");
  await dialog(page).getByRole("checkbox", { name: "Usage: write" }).click({ force: true });
  await expect(dialog(page).getByRole("checkbox", { name: "Usage: write" })).not.toBeChecked();
  await seenEverywhere(page, "keys-edit");
  await dialog(page).getByRole("checkbox", { name: "Audit log: read" }).uncheck();
  await dialog(page).getByLabel("Networks").fill("203.0.113.0/24");
  await save.dblclick();
  await expect(page.getByText("⁨Billing export⁩ is changed.")).toBeVisible();
  await expect(row(page, "Billing export")).toContainText("Only from ⁨203.0.113.0/24⁩.");
  expect(of(asked, "PATCH")).toEqual([{ scopes: ["workspace:read", "billing:read"], networks: ["203.0.113.0/24"] }]);
});

test("a_key_keeps_a_name_and_a_permission", async ({ page }) => {
  await open(page, PATH, stage());
  await button(page, "Edit ⁨Quarterly report⁩").click();
  const save = dialog(page).getByRole("button", { name: "Save changes" });
  await dialog(page).getByRole("checkbox", { name: "Usage: read" }).uncheck();
  await expect(save).toHaveAccessibleDescription("Choose at least one permission.");
  await dialog(page).getByLabel("Name").fill(" ");
  await expect(save).toHaveAccessibleDescription("Give it a name.");
});

test("a_change_by_others_is_not_overwritten", async ({ page }) => {
  const asked: Sent[] = [];
  const kept = [...keys];
  const answers = stage({ kept, asked });
  let isFirst = true;
  await open(page, PATH, {
    ...answers,
    "PATCH /api-keys/{id}": (route) => {
      if (!isFirst) return (answers["PATCH /api-keys/{id}"] as (r: typeof route) => Promise<void>)(route);
      isFirst = false;
      kept[0] = { ...key(1, "Hourly import"), networks: ["10.0.0.0/8"] };
      return refuse(route, 409, "key_changed");
    },
  });
  await button(page, "Edit ⁨Nightly import⁩").click();
  await dialog(page).getByRole("checkbox", { name: "Usage: read" }).uncheck();
  await dialog(page).getByRole("button", { name: "Save changes" }).click();
  await expect(dialog(page).getByText("Somebody else changed this key meanwhile.")).toBeVisible();
  await expect(dialog(page).getByLabel("Name"), "what was not touched follows").toHaveValue("Hourly import");
  await expect(dialog(page).getByLabel("Networks")).toHaveValue("10.0.0.0/8");
  await expect(dialog(page).getByRole("checkbox", { name: "Usage: read" })).not.toBeChecked();
  await seenEverywhere(page, "keys-edit-meanwhile");
  await dialog(page).getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("⁨Hourly import⁩ is changed.")).toBeVisible();
  expect(of(asked, "PATCH")).toEqual([{ scopes: ["usage:write"] }]);
});

test("a_key_revoked_meanwhile_says_so_in_its_dialog", async ({ page }) => {
  const kept = [...keys];
  await open(page, PATH, stage({ kept }));
  await button(page, "Edit ⁨Nightly import⁩").click();
  kept.splice(0, 1);
  await dialog(page).getByLabel("Name").fill("Hourly import");
  await dialog(page).getByRole("button", { name: "Save changes" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("This key is gone: it was revoked");
  await expect(row(page, "Nightly import")).toHaveCount(0);
  await expect(dialog(page).getByLabel("Name"), "what was typed stays").toHaveValue("Hourly import");
  await seen(page, "keys-edit-gone");
});

test("long_names_fit_into_dialogs", async ({ page }) => {
  await open(page, PATH, stage({ kept: names.map((name, place) => key(place + 1, name)) }));
  await page.getByRole("button", { name: /^Edit .*🦑/ }).click();
  await seenEverywhere(page, "keys-names-edit");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Rotate .*Donau/ }).click();
  await seenEverywhere(page, "keys-names-rotate");
});

const TEAM = `/w/${WORKSPACE}/settings/team`;

test("removing_a_member_names_the_keys_that_end", async ({ page }) => {
  const theirs = [
    key(1, "Billing export", { created_by: BEN }),
    key(2, "Never tried", { created_by: BEN, last_used_at: null, state: "expiring" }),
    key(3, "Fleet control", { created_by: BEN, service: true }),
    key(4, "Old prototype", { created_by: BEN, state: "expired" }),
    key(5, "Nightly import", { created_by: ANA }),
  ];
  const asked: Sent[] = [];
  await open(page, TEAM, { ...stage({ kept: theirs, size: 2, asked }), "GET /team/members": list("members", people.slice(0, 2)), "GET /team/invitations": list("invitations", []) });
  await button(page, "Remove ⁨Ben Okafor⁩").click();
  await expect(dialog(page).getByText("These 2 API keys of theirs stop working at once:")).toBeVisible();
  await expect(dialog(page).getByRole("listitem")).toHaveText(["Billing export, last used 3 hours ago", "Never tried, never used"]);
  expect(of(asked, "GET"), "all pages are read").toHaveLength(3);
  await seenEverywhere(page, "keys-removal");
});

test("leaving_names_the_own_keys_that_end", async ({ page }) => {
  const kept = [key(1, "Nightly import"), key(2, "Billing export", { created_by: BEN }), key(3, "Fleet control", { service: true })];
  await open(page, `/w/${WORKSPACE}/settings`, { ...stage({ role: "admin", kept }), "GET /team/members": list("members", people.slice(0, 2)) });
  await page.getByRole("button", { name: "Leave", exact: true }).click();
  await expect(dialog(page).getByText("This API key of yours stops working at once:")).toBeVisible();
  await expect(dialog(page).getByRole("listitem")).toHaveText(["Nightly import, last used 3 hours ago"]);
  await seenEverywhere(page, "keys-leaving");
});

test("removing_a_member_without_keys_says_so", async ({ page }) => {
  await open(page, TEAM, { ...stage({ kept: [key(1, "Nightly import")] }), "GET /team/members": list("members", people.slice(0, 2)), "GET /team/invitations": list("invitations", []) });
  await button(page, "Remove ⁨Ben Okafor⁩").click();
  await expect(dialog(page).getByText("They have no API key that works.")).toBeVisible();
});

test("removing_a_member_whose_keys_cannot_be_read_says_what_is_known", async ({ page }) => {
  await open(page, TEAM, { ...stage(), "GET /api-keys": (route) => refuse(route, 403, "odd"), "GET /team/members": list("members", people.slice(0, 2)), "GET /team/invitations": list("invitations", []) });
  await button(page, "Remove ⁨Ben Okafor⁩").click();
  await expect(dialog(page).getByText("API keys that they made stop working at once.")).toBeVisible();
});

import { expect, test, type Page, type Route } from "@playwright/test";
import { violations } from "./audit";
import { access, frame, head, list, member, NAMES } from "./parts";
import { NOW, open, problem, seen, seenEverywhere, WORKSPACE, type Answers } from "./stage";

const PATH = `/w/${WORKSPACE}/settings/doctor`;
const [ana, ben] = [member(1, "Ana Lima", "owner"), member(2, NAMES.rtl, "member")];
const INVITATION = "inv_01K9ZX3V8Q4M7N2P5R6S8T9W0Y";
const CUSTOMER = "cus_QmV4bX9aT2";

interface Difference {
  code: string;
  subject: string;
  recorded: unknown;
  found: unknown;
  repair: string | null;
}

const difference = (code: string, subject: string, recorded: unknown, found: unknown, repair: string | null = null): Difference => ({ code, subject, recorded, found, repair });

const subscriptionOf = (plan: string, more: object = {}) => ({ id: "sub_1Qm", plan, interval: "month", status: "active", current_period_end: "2026-12-01T00:00:00Z", cancel_at: null, grace_until: null, ...more });

/** What can differ, each kind once; those after the ninth are for somebody to decide on. */
const everything = [
  difference("counter", "seat_count", 7, 3),
  difference("address_unguarded", ben.id, false, true),
  difference("address_of_nobody", INVITATION, true, false),
  difference("free_workspace_list", ana.id, false, true),
  difference("free_container_list", ana.id, false, true),
  difference("runtime", WORKSPACE, { status: "running", tasks: ["7f3c1d2e9a8b4c5d8e7f6a5b4c3d2e1f"] }, { wanted: { status: "running", plan: "pro", size: "large" }, tasks: [{ task: "7f3c1d2e9a8b4c5d8e7f6a5b4c3d2e1f", status: "stopped" }] }),
  difference("subscription", CUSTOMER, subscriptionOf("pro"), subscriptionOf("business", { interval: "year", current_period_end: "2027-11-01T00:00:00Z" })),
  difference("secret_missing", "slack", true, false),
  difference("unread_count", ben.id, 8, 2),
  difference("address_of_two", ben.id, true, true),
  difference("second_subscription", CUSTOMER, { counts: "sub_1Qm" }, { renews: "sub_2Xy" }),
  difference("customer", CUSTOMER, { status: "present" }, { status: "unknown" }),
  difference("price", "pro month usd", { amount: 2900 }, { price: "price_1", amount: 3900 }),
  difference("audit_log", "head", { number: 5, digest: "9wywCfcQgZtP" }, { number: 4, digest: "2ql1ig7B8f" }),
];

const examination = (differences: readonly Difference[]) => ({ body: { healthy: differences.length === 0, differences } });

function stage(differences: readonly Difference[], more: Answers = {}, role: "viewer" | "member" | "admin" | "owner" = "owner"): Answers {
  return { ...frame(role), "GET /team/members": list("members", [ana, ben]), "GET /workspace/doctor": examination(differences), ...more };
}

const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "date, retry-after, apigw-requestid", date: new Date(NOW).toUTCString() };
const answer = (route: Route, json: unknown, status = 200, headers: Record<string, string> = {}) => route.fulfill({ status, headers: { ...cors, ...headers }, json });

const repair = (page: Page, name = "Repair") => page.getByRole("button", { name, exact: true });
const dialog = (page: Page) => page.getByRole("dialog", { name: "Repair the workspace?" });
const finding = (page: Page, text: string | RegExp) => page.getByRole("listitem").filter({ hasText: text }).last();

async function confirm(page: Page) {
  await repair(page).click();
  await dialog(page).getByRole("button", { name: "Repair" }).click();
}

test("nothing_differs", async ({ page }) => {
  const found = await violations(page);
  const asked = await open(page, PATH, stage([]));
  await expect(page.getByRole("heading", { level: 1, name: "Doctor" })).toBeFocused();
  await expect(page.getByRole("link", { name: "Doctor" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("status").filter({ hasText: "Nothing differs" })).toBeVisible();
  await expect(page.getByText("No difference")).toHaveCount(8);
  await expect(repair(page)).toHaveAttribute("aria-disabled", "true");
  await expect(repair(page)).toHaveAccessibleDescription("There is nothing to repair.");
  await expect(page.getByText("Examined Nov 28, 2026, 11:00 AM (Europe/Berlin)")).toBeVisible();
  expect(asked.filter(({ path }) => path === "/workspace/doctor")).toHaveLength(1);
  expect(asked.filter(({ path }) => path === "/team/members"), "nobody is named").toHaveLength(0);
  await seenEverywhere(page, "doctor-healthy");
  expect(found).toEqual([]);
});

test("each_difference_is_said_in_plain_words", async ({ page }) => {
  await open(page, PATH, stage(everything));
  await expect(page.getByRole("status").filter({ hasText: "14 differences found" })).toBeVisible();
  for (const said of [
    "The recorded number of seats in use (with invitations) is wrong.",
    "is not reserved, so somebody else could join with it.",
    "The address that an invited person had is still reserved",
    "has a second seat or invitation.",
    "This workspace does not count as a free one of ⁨Ana Lima⁩, although it is.",
    "The container does not count as a free one of ⁨Ana Lima⁩, although it is.",
    "The container should run. It is recorded as: Running.",
    "The recorded subscription is not as it is at Stripe.",
    "More than one plan is paid for at Stripe.",
    "Stripe does not know the billing account of this workspace.",
    "The price pro month usd is not sold at Stripe as it is shown here.",
    "The integration Slack uses a secret that no longer exists",
    "The number of unread notifications of",
    "The audit log does not end where its head says",
  ]) {
    await expect(page.getByText(said).first(), said).toBeVisible();
  }
  const numbers = finding(page, "The recorded number of seats");
  await expect(numbers.getByRole("row").last()).toHaveText("Number73");
  const paid = finding(page, "The recorded subscription is not");
  await expect(paid.getByRole("row")).toHaveText(["RecordedFound", "PlanProBusiness", "Paidmonthlyyearly", "Period endsDecember 1, 2026November 1, 2027"]);
  await expect(finding(page, "The container should run").getByRole("row").last()).toContainText("(stopped)");
  await expect(finding(page, "The audit log does not end")).toContainText("Export the log now and keep the file, then contact support.");
  await expect(finding(page, "The recorded number of seats")).not.toContainText("Contact support");
  await seenEverywhere(page, "doctor-everything");
});

test("a_repair_is_asked_for_and_says_what_it_does", async ({ page }) => {
  const asked = await open(page, PATH, stage(everything));
  await repair(page).click();
  await expect(dialog(page).getByRole("listitem")).toHaveText([
    "The numbers are corrected.",
    "The addresses are reserved for the people who have them.",
    "The reservations of addresses that nobody has are removed.",
    "The list of free workspaces is corrected.",
    "The list of free containers is corrected.",
    "The container is started, or what is left of another one is stopped.",
    "The workspace is compared with Stripe within a minute. Its plan and its limits may change.",
    "These integrations are removed: Slack. Set them up again, with their secrets.",
    "Unread notifications are counted again.",
  ]);
  await expect(dialog(page)).toContainText("5 differences are left as they are, because somebody has to decide on them.");
  await seenEverywhere(page, "doctor-ask");
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();
  await expect(repair(page), "the focus is back").toBeFocused();
  expect(asked.filter(({ method }) => method === "POST"), "nothing is repaired without a confirmation").toEqual([]);
});

test("the_result_of_a_repair_is_said_of_each_difference", async ({ page }) => {
  const results = ["done", "done", "done", "done", "done", "under_way", "under_way", "done", "done"];
  const repaired = everything.map((one, place) => ({ ...one, repair: results[place] ?? "by_hand" }));
  const asked = await open(page, PATH, stage(everything, { "POST /workspace/doctor": { ...examination(repaired), delay: 300 } }));
  await repair(page).click();
  const confirmed = dialog(page).getByRole("button", { name: "Repair" });
  await confirmed.dblclick();
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("status").filter({ hasText: "7 differences are repaired" })).toBeVisible();
  await expect(page.getByText("Some repairs take a moment. Examine the workspace again in a minute.")).toBeVisible();
  await expect(page.getByText("Some cannot be repaired here. Contact support with the ids below.")).toBeVisible();
  await expect(page.getByText(/^.Repaired$/), "seven differences, and four checks of which nothing is left").toHaveCount(11);
  await expect(page.getByText(/^.Takes a moment$/)).toHaveCount(2);
  await expect(page.getByText(/^.Needs a decision$/)).toHaveCount(5);
  await expect(repair(page)).toHaveAccessibleDescription("Examine it again first.");
  const sent = asked.filter(({ method, path }) => method === "POST" && path === "/workspace/doctor");
  expect(sent, "two clicks are one repair").toHaveLength(1);
  expect(sent[0]?.headers["idempotency-key"]).toMatch(/^[\w-]{36}$/);
  await expect.poll(() => asked.filter(({ path }) => path === "/workspace").length, { message: "the rest of the workspace is read again" }).toBeGreaterThan(1);
  expect(asked.filter(({ method, path }) => method === "GET" && path === "/workspace/doctor"), "no examination is made by itself").toHaveLength(1);
  await seenEverywhere(page, "doctor-repaired");
  await page.getByRole("button", { name: "Examine again" }).click();
  await expect(page.getByText("14 differences found")).toBeVisible();
});

test("all_is_repaired", async ({ page }) => {
  const differences = [everything[0]!, everything[7]!];
  await open(page, PATH, stage(differences, { "POST /workspace/doctor": examination(differences.map((one) => ({ ...one, repair: "done" }))) }));
  await confirm(page);
  await expect(page.getByRole("status").filter({ hasText: "2 differences are repaired" })).toBeVisible();
  await expect(page.getByText("Examine the workspace again in a minute.")).toHaveCount(0);
  await expect(finding(page, "The integration Slack uses a secret")).toContainText("It was removed. Set it up again, with its secret.");
  await seenEverywhere(page, "doctor-all-repaired");
});

test("the_rest_is_repaired_by_another_repair_under_another_key", async ({ page }) => {
  const many = Array.from({ length: 41 }, (_, place) => difference("address_unguarded", `usr_01K9ZX3V8Q4M7N2P5R6S8T9X${String(place).padStart(2, "0")}`, false, true));
  const keys: (string | undefined)[] = [];
  await open(
    page,
    PATH,
    stage(many, {
      "POST /workspace/doctor": (route) => {
        keys.push(route.request().headers()["idempotency-key"]);
        const rest = keys.length === 1 ? many.map((one, place) => ({ ...one, repair: place < 40 ? "done" : "ask_again" })) : [{ ...many[40]!, repair: "done" }];
        return answer(route, { healthy: false, differences: rest });
      },
    }),
  );
  await expect(page.getByText(/^.41 differences$/)).toBeVisible();
  await expect(page.getByText("is not reserved, so somebody else could join with it.")).toHaveCount(10);
  await seen(page, "doctor-many");
  await page.getByRole("button", { name: "Show 31 more" }).click();
  await expect(page.getByText("is not reserved, so somebody else could join with it.")).toHaveCount(41);
  await confirm(page);
  await expect(page.getByText("40 differences are repaired")).toBeVisible();
  await expect(page.getByText("There were more differences than one repair takes.")).toBeVisible();
  await repair(page, "Repair the rest").click();
  await dialog(page).getByRole("button", { name: "Repair" }).click();
  await expect(page.getByText("1 difference is repaired")).toBeVisible();
  expect(keys).toHaveLength(2);
  expect(keys[0]).not.toBe(keys[1]);
});

test("what_was_repaired_meanwhile_is_not_repaired_again", async ({ page }) => {
  await open(page, PATH, stage([everything[0]!], { "POST /workspace/doctor": examination([]) }));
  await confirm(page);
  await expect(page.getByRole("status").filter({ hasText: "Nothing differed any more" })).toBeVisible();
  await expect(repair(page)).toHaveAccessibleDescription("There is nothing to repair.");
  await seen(page, "doctor-meanwhile");
});

test("what_only_support_can_repair_says_so", async ({ page }) => {
  await open(page, PATH, stage(everything.slice(9)));
  await expect(page.getByText("5 differences found")).toBeVisible();
  await expect(repair(page)).toHaveAttribute("aria-disabled", "true");
  await expect(repair(page)).toHaveAccessibleDescription("Nothing of it can be repaired here. Contact support.");
  await seen(page, "doctor-support");
});

test("a_deleted_customer_is_removed_by_a_repair", async ({ page }) => {
  await open(page, PATH, stage([difference("customer", CUSTOMER, { status: "present" }, { status: "deleted" }), difference("subscription", CUSTOMER, null, subscriptionOf("pro"))]));
  await expect(page.getByText("The billing account of this workspace was deleted at Stripe.")).toBeVisible();
  await expect(page.getByText("Stripe has a subscription that is not recorded here.")).toBeVisible();
  await repair(page).click();
  await expect(dialog(page)).toContainText("The billing account is removed. The workspace goes on without a paid plan.");
});

test("a_kind_that_is_not_known_is_named", async ({ page }) => {
  await open(page, PATH, stage([difference("moon_phase", "sea", { tide: "low" }, null)]));
  await expect(page.getByText("A difference of the kind moon_phase.")).toBeVisible();
  await expect(finding(page, "moon_phase")).toContainText("Contact support.");
  await expect(repair(page)).toHaveAccessibleDescription("Nothing of it can be repaired here. Contact support.");
  await seen(page, "doctor-unknown-kind");
});

for (const role of ["viewer", "member", "admin"] as const) {
  test(`a_${role}_sees_who_may`, async ({ page }) => {
    const asked = await open(page, PATH, stage([], { "GET /team/members": list("members", [ana]) }, role));
    await expect(page.getByText("The doctor is not shown to you")).toBeVisible();
    await expect(page.getByText("People with the role Owner examine and repair the workspace. The owners are ⁨Ana Lima⁩.")).toBeVisible();
    await expect(repair(page)).toHaveCount(0);
    expect(asked.filter(({ path }) => path === "/workspace/doctor"), "nothing is examined").toEqual([]);
    await seenEverywhere(page, `doctor-${role}`);
  });
}

test("an_examination_that_takes_a_while_holds_the_place", async ({ page }) => {
  await open(page, PATH, stage([], { "GET /workspace/doctor": () => new Promise(() => undefined) }));
  await expect(page.getByRole("status").filter({ hasText: "The workspace is being examined" })).toBeVisible();
  await expect(repair(page)).toHaveAccessibleDescription("It is being examined.");
  await seenEverywhere(page, "doctor-loading");
});

test("without_stripe_nothing_is_said_to_be_well", async ({ page }) => {
  let down = true;
  const asked = await open(
    page,
    PATH,
    stage([], { "GET /workspace/doctor": (route) => (down ? answer(route, problem(503, "payments_unavailable", "the payment provider does not answer; send the same request again"), 503) : answer(route, { healthy: true, differences: [] })) }),
  );
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("The workspace could not be examined");
  await expect(alert).toContainText("Stripe does not answer at the moment. Try again.");
  await expect(alert).toContainText("req-0123456789");
  await expect(page.getByText("All checks are made together, so there is no result of any of them. Nothing was changed.")).toBeVisible();
  await expect(page.getByText("No difference")).toHaveCount(0);
  await expect(repair(page)).toHaveAccessibleDescription("Examine it first.");
  expect(asked.filter(({ path }) => path === "/workspace/doctor"), "the budget is small: nothing is repeated by itself").toHaveLength(1);
  await seenEverywhere(page, "doctor-stripe-down");
  down = false;
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Nothing differs")).toBeVisible();
  await expect(alert).toHaveCount(0);
});

test("stripe_that_fails_while_the_page_is_open_keeps_the_result", async ({ page }) => {
  let down = false;
  await open(page, PATH, stage([], { "GET /workspace/doctor": (route) => (down ? answer(route, problem(503, "payments_unavailable", "no"), 503) : answer(route, { healthy: false, differences: [everything[0]] })) }));
  await expect(page.getByText("1 difference found")).toBeVisible();
  down = true;
  await page.getByRole("button", { name: "Examine again" }).click();
  await expect(page.getByRole("alert")).toContainText("The workspace could not be examined again");
  await expect(page.getByText("Below is the result from before.")).toBeVisible();
  await expect(finding(page, "The recorded number of seats")).toBeVisible();
  await expect(repair(page)).toHaveAccessibleDescription("");
  await seenEverywhere(page, "doctor-stale");
});

for (const [name, code, said] of [
  ["stripe", "payments_unavailable", "Stripe does not answer at the moment. Try again."],
  ["ecs", "unavailable", "The service does not answer at the moment. Try again shortly."],
] as const) {
  test(`a_repair_while_${name}_is_down_is_sent_again_under_its_key`, async ({ page }) => {
    const keys: (string | undefined)[] = [];
    await open(
      page,
      PATH,
      stage([everything[0]!], {
        "POST /workspace/doctor": (route) => {
          keys.push(route.request().headers()["idempotency-key"]);
          return keys.length === 1 ? answer(route, problem(503, code, "no"), 503) : answer(route, { healthy: false, differences: [{ ...everything[0], repair: "done" }] });
        },
      }),
    );
    await confirm(page);
    await expect(dialog(page).getByRole("alert")).toContainText(said);
    await expect(dialog(page).getByRole("alert")).toContainText("req-0123456789");
    await expect(dialog(page)).toContainText("Nothing was repaired twice: it can be tried again.");
    await seenEverywhere(page, `doctor-repair-${name}-down`);
    await dialog(page).getByRole("button", { name: "Try again" }).click();
    await expect(page.getByText("1 difference is repaired")).toBeVisible();
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });
}

test("a_used_budget_says_when_it_can_be_tried_again", async ({ page }) => {
  await open(page, PATH, stage([], { "GET /workspace/doctor": { status: 429, body: problem(429, "budget_exhausted", "no"), headers: { "retry-after": "41" } } }));
  await expect(page.getByRole("alert")).toContainText("This workspace asked for too much in a short time.");
  await expect(page.getByRole("alert")).toContainText("You can try again in 41 s.");
  await seenEverywhere(page, "doctor-budget");
});

test("a_role_that_is_taken_away_while_the_question_is_open", async ({ page }) => {
  let role: "owner" | "member" = "owner";
  await open(
    page,
    PATH,
    stage([everything[0]!], {
      "GET /access": (route) => answer(route, access(role).body),
      "GET /team/members": list("members", [ana]),
      "POST /workspace/doctor": (route) => {
        role = "member";
        return answer(route, problem(403, "role_required", "requires the role owner", { required_role: "owner" }), 403);
      },
    }),
  );
  await confirm(page);
  await expect(dialog(page).getByRole("alert")).toContainText("Your role does not allow this.");
  await expect(dialog(page).getByRole("alert")).toContainText("req-0123456789");
  await expect(dialog(page)).toContainText("Nothing was repaired.");
  await expect(dialog(page).getByRole("button", { name: "Repair" })).toHaveAccessibleDescription("Only people with the role Owner or a higher one can do this.");
  await seenEverywhere(page, "doctor-role-lost");
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("The doctor is not shown to you")).toBeVisible();
  await expect(page.getByText("The owners are ⁨Ana Lima⁩.")).toBeVisible();
  await expect(repair(page)).toHaveCount(0);
});

test("a_role_that_is_taken_away_before_an_examination", async ({ page }) => {
  let role: "owner" | "admin" = "owner";
  await open(
    page,
    PATH,
    stage([], {
      "GET /access": (route) => answer(route, access(role).body),
      "GET /workspace/doctor": (route) => (role === "owner" ? answer(route, { healthy: true, differences: [] }) : answer(route, problem(403, "role_required", "no"), 403)),
    }),
  );
  await expect(page.getByText("Nothing differs")).toBeVisible();
  role = "admin";
  await page.getByRole("button", { name: "Examine again" }).click();
  await expect(page.getByText("The doctor is not shown to you")).toBeVisible();
});

test("a_workspace_that_was_deleted_in_another_tab", async ({ page }) => {
  let gone = false;
  const lost = (route: Route) => answer(route, problem(404, "workspace_not_found", "no"), 404);
  await open(
    page,
    PATH,
    stage([everything[0]!], {
      "GET /workspace": (route) => (gone ? lost(route) : answer(route, head)),
      "POST /workspace/doctor": (route) => {
        gone = true;
        return lost(route);
      },
    }),
  );
  await confirm(page);
  await expect(page.getByRole("heading", { level: 1, name: "This workspace is gone, or you are no longer a member of it." })).toBeFocused();
  await expect(dialog(page)).toHaveCount(0);
  await seen(page, "doctor-gone");
});

test("a_suspended_workspace_is_examined_and_not_repaired", async ({ page }) => {
  await open(page, PATH, stage([everything[0]!], { "GET /workspace": { body: { ...head, suspended: { reason: "Spam", at: NOW } } }, "GET /access": access("owner", ["repair"]) }));
  await expect(page.getByText("1 difference found")).toBeVisible();
  await expect(repair(page)).toHaveAccessibleDescription("This workspace is suspended. Contact support to have the suspension lifted.");
  await seen(page, "doctor-suspended");
});

test("a_suspension_while_the_question_is_open", async ({ page }) => {
  let suspended = false;
  await open(
    page,
    PATH,
    stage([everything[0]!], {
      "GET /access": (route) => answer(route, access("owner", suspended ? ["repair"] : []).body),
      "POST /workspace/doctor": (route) => {
        suspended = true;
        return answer(route, problem(403, "workspace_suspended", "no"), 403);
      },
    }),
  );
  await confirm(page);
  await expect(dialog(page).getByRole("alert")).toContainText("This workspace is suspended.");
  await expect(dialog(page).getByRole("button", { name: "Repair" })).toHaveAttribute("aria-disabled", "true");
});

test("others_who_change_the_workspace_at_the_same_moment", async ({ page }) => {
  await open(page, PATH, stage([everything[0]!], { "POST /workspace/doctor": { status: 409, body: problem(409, "workspace_changed", "no") } }));
  await confirm(page);
  await expect(dialog(page).getByRole("alert")).toContainText("Others are changing the workspace right now. Try again.");
  await expect(dialog(page).getByRole("button", { name: "Repair" })).toHaveAccessibleDescription("");
});

test("offline_says_so", async ({ page }) => {
  await open(page, PATH, stage([], { "GET /workspace/doctor": (route) => route.abort() }));
  await expect(page.getByRole("alert")).toContainText("The service cannot be reached. Check your connection and try again.", { timeout: 15_000 });
  await seen(page, "doctor-offline");
});

test("the_result_stays_while_the_person_looks_elsewhere", async ({ page }) => {
  const asked = await open(page, PATH, stage([everything[0]!]));
  await expect(page.getByText("1 difference found")).toBeVisible();
  await page.getByRole("link", { name: "Notifications" }).click();
  await page.getByRole("link", { name: "Doctor" }).click();
  await expect(page.getByText("1 difference found")).toBeVisible();
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  expect(asked.filter(({ path }) => path === "/workspace/doctor"), "five examinations a minute are given out").toHaveLength(1);
});

test("german_is_complete", async ({ page }) => {
  await open(page, PATH, stage(everything), { language: "de" });
  await expect(page.getByRole("heading", { level: 1, name: "Diagnose" })).toBeVisible();
  await expect(page.getByText("14 Abweichungen gefunden")).toBeVisible();
  await page.getByRole("button", { name: "Reparieren", exact: true }).click();
  await expect(page.getByRole("dialog", { name: "Den Arbeitsbereich reparieren?" })).toContainText("Diese Integrationen werden entfernt: Slack.");
  await seen(page, "doctor-german-ask");
  await page.keyboard.press("Escape");
  await seenEverywhere(page, "doctor-german");
});

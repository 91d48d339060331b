// The doctor: a workspace in order, a number that somebody has changed in the table, its repair, and who may.

import type { Page } from "@playwright/test";
import { expect, http, outputs, shot, test, type Person } from "./cloud";

test.describe.configure({ mode: "parallel" });

/** Calls DynamoDB. The emulator checks no signatures. */
async function dynamo<T>(action: string, input: object): Promise<T> {
  const { status, body } = await http<T>("POST", `${outputs.aws_endpoint_url}/`, input, {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `DynamoDB_20120810.${action}`,
    authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request",
  });
  if (status >= 300) throw new Error(`${action}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Adds to the recorded number of seats, past the API, as no request would. */
async function miscount(workspace: string, by: number): Promise<void> {
  const Key = { pk: { S: `WS#${workspace}` }, sk: { S: "META" } };
  const { TableNames } = await dynamo<{ TableNames: string[] }>("ListTables", {});
  for (const TableName of TableNames) {
    const { Item } = await dynamo<{ Item?: object }>("GetItem", { TableName, Key });
    if (!Item) continue;
    const change = { UpdateExpression: "SET seat_count = seat_count + :by", ExpressionAttributeValues: { ":by": { N: String(by) } } };
    await dynamo("UpdateItem", { TableName, Key, ...change });
    return;
  }
  throw new Error(`no table has the workspace ${workspace}`);
}

const repair = (page: Page) => page.getByRole("button", { name: "Repair", exact: true });
const dialog = (page: Page) => page.getByRole("dialog", { name: "Repair the workspace?" });

/** As where no WebSocket gets through. */
const refuseSockets = (page: Page) => page.routeWebSocket(/\/live/, (socket) => void socket.close());

async function roleOf(owner: Person, workspace: string, { email }: Person, role: string) {
  const { members } = await owner.call<{ members: { id: string; email: string }[] }>("GET", "/team/members", { workspace });
  await owner.call("PUT", `/team/members/${members.find((member) => member.email === email)?.id}/role`, { workspace, body: { role } });
}

test("a wrong number is found, repaired and recorded", async ({ person }) => {
  const { person: dora, page, count } = await person("Dora Doctor");
  const workspace = await dora.workspace("Doctor & Co");

  await test.step("a new workspace is in order", async () => {
    await page.goto(`/w/${workspace}`);
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("link", { name: "Doctor" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Doctor" })).toBeFocused();
    await expect(page.getByText("Nothing differs")).toBeVisible();
    await expect(page.getByText("No difference")).toHaveCount(8);
    await expect(repair(page)).toHaveAccessibleDescription("There is nothing to repair.");
    await shot(page, "doctor-healthy");
  });

  await test.step("a wrong number is found", async () => {
    await miscount(workspace, 4);
    await page.getByRole("button", { name: "Examine again" }).click();
    await expect(page.getByText("1 difference found")).toBeVisible();
    await expect(page.getByText("The recorded number of seats in use (with invitations) is wrong.")).toBeVisible();
    await expect(page.getByRole("row").last()).toHaveText("Number51");
  });

  await test.step("it is repaired after a question, once", async () => {
    await repair(page).click();
    await expect(dialog(page).getByRole("listitem")).toHaveText(["The numbers are corrected."]);
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    expect(count("POST /workspace/doctor")).toBe(0);
    await repair(page).click();
    await dialog(page).getByRole("button", { name: "Repair" }).dblclick();
    await expect(page.getByText("1 difference is repaired")).toBeVisible();
    await expect(dialog(page)).toBeHidden();
    expect(count("POST /workspace/doctor")).toBe(1);
    await shot(page, "doctor-repaired");
  });

  await test.step("nothing differs any more, and the repair is in the activity", async () => {
    await page.getByRole("button", { name: "Examine again" }).click();
    await expect(page.getByText("Nothing differs")).toBeVisible();
    await page.getByRole("link", { name: "Audit log" }).click();
    await expect(page.getByRole("rowheader").filter({ hasText: "Dora Doctor repaired a difference" })).toBeVisible();
  });
});

test("a role that is taken away while the question is open", async ({ person, allow }) => {
  allow(/status of 403 /);
  const [{ person: olga }, { person: ravi, page }] = await Promise.all([person("Olga Owns"), person("Ravi Rank")]);
  const workspace = await olga.workspace("Ranks & Co");
  await ravi.joins(workspace, olga, "owner");
  await miscount(workspace, 1);
  await page.goto(`/w/${workspace}/settings/doctor`);
  await expect(page.getByText("1 difference found")).toBeVisible();
  await repair(page).click();
  await roleOf(olga, workspace, ravi, "admin");
  await dialog(page).getByRole("button", { name: "Repair" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("Your role does not allow this.");
  await expect(dialog(page)).toContainText("Nothing was repaired.");
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("The doctor is not shown to you")).toBeVisible();
  await expect(page.getByText("Olga Owns")).toBeVisible();
  const { healthy } = await olga.call<{ healthy: boolean }>("GET", "/workspace/doctor", { workspace });
  expect(healthy, "the difference is still there").toBe(false);
});

test("a workspace that is deleted in another tab", async ({ person, allow }) => {
  allow(/status of 404 /);
  const { person: gina, page } = await person("Gina Gone");
  const workspace = await gina.workspace("Gone & Co");
  await refuseSockets(page);
  await miscount(workspace, 1);
  await page.goto(`/w/${workspace}/settings/doctor`);
  await expect(page.getByText("1 difference found")).toBeVisible();
  await repair(page).click();
  // As the other tab does.
  await gina.call("DELETE", "/workspace", { workspace });
  await dialog(page).getByRole("button", { name: "Repair" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "This workspace is gone, or you are no longer a member of it." })).toBeFocused();
  await expect(dialog(page)).toHaveCount(0);
});

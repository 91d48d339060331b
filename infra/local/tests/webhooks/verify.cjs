// Verifies messages with the JavaScript library of Standard Webhooks. Reads them from stdin, prints the answers.

const { Webhook, WebhookVerificationError } = require("standardwebhooks");
const messages = JSON.parse(require("node:fs").readFileSync(0, "utf8"));

function verifies({ secret, raw, headers, body }) {
  const webhook = new Webhook(secret, raw ? { format: "raw" } : undefined);
  try {
    webhook.verify(Buffer.from(body), headers);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

process.stdout.write(JSON.stringify(messages.map(verifies)));

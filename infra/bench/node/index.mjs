// Function that makes given calls with the AWS SDK for JavaScript and returns a given answer. It decides, verifies and
// renders nothing, loads only the clients that it needs, and sends all calls at once. All of this favours Node in the
// comparison.

import http from "node:http";
import { readFileSync } from "node:fs";

const packages = {
  DynamoDB_20120810: ["@aws-sdk/client-dynamodb", "DynamoDBClient"],
  AmazonEC2ContainerServiceV20141113: ["@aws-sdk/client-ecs", "ECSClient"],
  AmazonSQS: ["@aws-sdk/client-sqs", "SQSClient"],
  SES: ["@aws-sdk/client-sesv2", "SESv2Client"],
  secretsmanager: ["@aws-sdk/client-secrets-manager", "SecretsManagerClient"],
};

// `first` and `later` are lists of { target, body }, as a Berth function sent them.
const { first, later, answer } = JSON.parse(readFileSync(process.env.CALLS, "utf8"));
const options = { md5: false, useQueueUrlAsEndpoint: false };
const clients = {};
for (const { target } of [...first, ...later]) {
  const [service] = target.split(".");
  if (service in packages && !(service in clients)) {
    const [name, client] = packages[service];
    const sdk = await import(name);
    clients[service] = { client: new sdk[client](options), sdk };
  }
}

async function call({ target, body }) {
  const [service, operation] = target.split(".");
  if (service in clients) {
    const { client, sdk } = clients[service];
    // A transaction gets a new token, because with the recorded token the table would do nothing.
    const { ClientRequestToken, ...input } = body;
    // Conditions that held during the recording may fail now.
    return client.send(new sdk[`${operation}Command`](input)).catch((error) => error);
  }
  const [method, path] = target.split(" ");
  const url = process.env.AWS_ENDPOINT_URL + (path.startsWith("/") ? path : "");
  const headers = { authorization: "Bearer sk_test_standin" };
  return (await fetch(url, { method, headers })).text();
}

const agent = new http.Agent({ keepAlive: true, noDelay: true });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");

function send(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, agent, method, path: `/2018-06-01/runtime/${path}` }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => (text += part));
      response.on("end", () => resolve({ id: response.headers["lambda-runtime-aws-request-id"], text }));
    });
    request.on("error", reject).end(body);
  });
}

for (let calls = first; ; calls = later) {
  const { id, text } = await send("GET", "invocation/next");
  JSON.parse(text);
  await Promise.all(calls.map(call));
  await send("POST", `invocation/${id}/response`, JSON.stringify(answer));
}

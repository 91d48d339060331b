// Where the local cloud is, from the outputs.json that it wrote.

import { readFileSync } from "node:fs";

interface Outputs {
  api_url: string;
  /** The Host header by which the API is found at `api_url`. */
  api_host: string;
  aws_endpoint_url: string;
  user_pool_id: string;
  user_pool_client_id: string;
  dashboard_url: string;
  mail_url: string;
  stripe_url: string;
  /** A page with what the stand-ins of receivers got; the same as JSON is at /received.json below it. */
  receivers_url: string;
  /** The names of Lambda functions. */
  functions: Record<string, string>;
}

function read(): Outputs {
  const path = process.env["BERTH_OUTPUTS"];
  if (!path) throw new Error("Set BERTH_OUTPUTS to the path of a local cloud's outputs.json: journeys run on that cloud.");
  const outputs = JSON.parse(readFileSync(path, "utf8")) as Partial<Outputs>;
  if (!outputs.dashboard_url) throw new Error(`${path} names no dashboard_url: the local cloud runs without the dashboard.`);
  return outputs as Outputs;
}

export const outputs = read();

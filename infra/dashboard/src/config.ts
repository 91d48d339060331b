// The deployment's settings, from /config.json: one build serves every stage. CloudFormation fills them in.

export interface Provider {
  kind: "oidc";
  issuer: string;
  clientId: string;
  scope?: string;
}

export type Identity = { kind: "cognito"; userPoolId: string; clientId: string; endpoint?: string } | Provider;

export interface Config {
  /** The name of the product, as customers know it. */
  product: string;
  /** Address of a logo of this origin or an https one; the built-in mark is shown without. */
  logo?: string;
  /** The accent colour, as #rrggbb. */
  accent?: string;
  /** Where customers ask for a contract: a mailto or https address. */
  contact?: string;
  /** Address of the API, without /api/v1. */
  api: string;
  identity: Identity;
  /** The provider with which the operator's staff sign in, if it is not the customers'. */
  staff?: Provider;
}

let current: Config | undefined;

export async function loadConfig(): Promise<Config> {
  const answer = await fetch("/config.json", { cache: "no-store" });
  if (!answer.ok) throw new Error(`/config.json: ${answer.status}`);
  current = (await answer.json()) as Config;
  return current;
}

export function config(): Config {
  if (!current) throw new Error("the configuration is not loaded");
  return current;
}

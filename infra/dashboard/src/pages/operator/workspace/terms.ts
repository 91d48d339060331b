// The terms of a contract as a form has them, and as the API takes them. Pure functions.

import type { Contract, Interval, Limits, Terms } from "../../../api/operator/types";
import { isWhole } from "../whole";

/** As in the plan, a number, or no limit. */
export type Kind = "plan" | "number" | "none";

export interface Draft {
  plan: string;
  interval: Interval | "";
  features: string;
  cpu: string;
  memory: string;
  limits: Record<string, { kind: Kind; value: string }>;
}

/** A form for the limits in force, filled with the contract from before. */
export function draftOf(contract: Contract | null, inForce: Limits): Draft {
  const names = [...new Set([...Object.keys(inForce), ...Object.keys(contract?.limits ?? {})])].sort();
  const limits = names.map((name) => {
    const agreed = contract?.limits[name];
    const kind: Kind = agreed === undefined ? "plan" : agreed === null ? "none" : "number";
    return [name, { kind, value: agreed == null ? "" : String(agreed) }] as const;
  });
  return {
    plan: contract?.plan ?? "",
    interval: contract?.interval ?? "",
    features: contract?.features.join(", ") ?? "",
    cpu: contract?.runtime ? String(contract.runtime.cpu_units) : "",
    memory: contract?.runtime ? String(contract.runtime.memory_mib) : "",
    limits: Object.fromEntries(limits),
  };
}

/** What has to be changed first: half a size, a part of it, or the number of a limit; nothing if the API can decide. */
export function wrongOf({ cpu, memory, limits }: Draft): { size: "half" | "cpu" | "memory" } | { limit: string } | undefined {
  const sizes = { cpu: cpu.trim(), memory: memory.trim() };
  const filled = (["cpu", "memory"] as const).filter((part) => sizes[part]);
  if (filled.length === 1) return { size: "half" };
  const part = filled.find((one) => !isWhole(sizes[one]));
  if (part) return { size: part };
  const wrong = Object.entries(limits).find(([, { kind, value }]) => kind === "number" && !isWhole(value));
  return wrong && { limit: wrong[0] };
}

export function termsOf({ plan, interval, features, cpu, memory, limits }: Draft): Terms {
  const agreed = Object.entries(limits).filter(([, { kind }]) => kind !== "plan");
  return {
    ...(plan.trim() ? { plan: plan.trim() } : {}),
    limits: Object.fromEntries(agreed.map(([name, { kind, value }]) => [name, kind === "none" ? null : Number(value)])),
    features: features.split(",").flatMap((one) => one.trim() || []),
    ...(interval ? { interval } : {}),
    ...(cpu.trim() ? { runtime: { cpu_units: Number(cpu), memory_mib: Number(memory) } } : {}),
  };
}

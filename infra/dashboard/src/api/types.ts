import type { components } from "./schema";

export type Schemas = components["schemas"];
export type Role = Schemas["Role"];
export type Plan = Schemas["Plan"];
export type LimitedResource = Schemas["LimitedResource"];
export type LimitName = keyof Schemas["PlanLimits"];

import type { components } from "./schema";

export type Schemas = components["schemas"];
export type Role = Schemas["Role"];
export type Plan = Schemas["PlanName"];
export type Meter = Schemas["MeterName"];

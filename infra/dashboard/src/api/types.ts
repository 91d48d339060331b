import type { components } from "berth-client";

export type Schemas = components["schemas"];
export type Role = Schemas["Role"];
export type Plan = Schemas["PlanName"];
export type Meter = Schemas["MeterName"];

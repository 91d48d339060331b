import { expect, test, vi } from "vitest";
import type { RuntimeView } from "./runtime";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("navigator", { languages: ["en"] });
const { pace, uptime, witnessed } = await import("./runtime");

const view = (more: Partial<RuntimeView> = {}): RuntimeView => ({
  status: "running",
  checking: false,
  generation: 1,
  container_id: "t1",
  plan_size: "free",
  uptime: 100,
  resources: { ram_limit_mb: 512, cpu_units: 256, ram_used_mb: 10, cpu_percent: 1 },
  ...more,
});
const silent = { ram_limit_mb: 512, cpu_units: 256 };

test("it is read quickly while it changes, calmly otherwise", () => {
  const paces = (isLive: boolean) => (["starting", "stopping", "resizing", "running", "stopped", "failed"] as const).map((status) => pace(status, isLive));
  expect(paces(false)).toEqual([2000, 2000, 2000, 15_000, 15_000, 15_000]);
  expect(paces(true)).toEqual([2000, 2000, 2000, 15_000, false, false]);
});

test("a silent container shows its last report", () => {
  const before = witnessed(view(), undefined, 1000);
  expect(before.reportedAt).toBe(1000);
  expect(witnessed(view({ resources: silent }), before, 9000).reportedAt).toBe(1000);
  expect(witnessed(view({ resources: silent, container_id: "t2" }), before, 9000).reportedAt).toBeUndefined();
  expect(witnessed(view({ resources: silent }), undefined, 9000).reportedAt).toBeUndefined();
});

test("uptime counts by itself", () => {
  expect(uptime(witnessed(view(), undefined, 1000), 4500)).toBe(103);
  expect(uptime(witnessed(view({ uptime: null }), undefined, 1000), 4500)).toBeUndefined();
});

import { expect, test, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
vi.stubGlobal("navigator", { languages: ["en"] });
vi.stubGlobal("matchMedia", () => ({ addEventListener: () => undefined }));
const { nextCursor } = await import("./texts");

test("the next page is read from the header Link", () => {
  expect(nextCursor('</api/v1/audit/export?from=2026-11-01T00%3A00%3A00Z&cursor=c%2B%2F%3D>; rel="next"')).toBe("c+/=");
  expect(nextCursor('</api/v1/audit?limit=2>; rel="prev", </api/v1/audit?cursor=b>; rel="next"')).toBe("b");
  expect(nextCursor(null)).toBeUndefined();
  expect(nextCursor('</api/v1/audit?cursor=a>; rel="prev"')).toBeUndefined();
});

import { expect, test } from "vitest";
import { trusted } from "./address";

test("addresses that the browser goes to", () => {
  for (const address of ["https://checkout.stripe.com/c/1#x", "http://localhost:12111/pay", "http://127.0.0.1:1/", "http://[::1]:1/"]) {
    expect(trusted(address)).toBe(address);
  }
});

test("addresses that it does not go to", () => {
  const others = ["javascript:alert(1)", "data:text/html,x", "http://example.com", "//example.com", "/pay", "", null, undefined];
  for (const address of [...others, "https://stripe.com@example.com/"]) expect(trusted(address)).toBeUndefined();
});

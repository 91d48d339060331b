import { expect, test, vi } from "vitest";

vi.mock("../../text", () => ({ text: () => ({ team: { nameless: "Nobody" } }) }));
const { byName, isolated, matches, nameOf } = await import("./names");

test("a_member_is_called_by_name_else_by_address", () => {
  expect(nameOf({ full_name: "Ana", email: "ana@x.de" })).toBe("Ana");
  expect(nameOf({ full_name: null, email: "ana@x.de" })).toBe("ana@x.de");
  expect(nameOf({})).toBe("Nobody");
});

test("every_word_of_a_filter_must_match", () => {
  expect(matches("ANA ex", "Ana Lima", "ana@example.com")).toBe(true);
  expect(matches("ana ben", "Ana Lima", null)).toBe(false);
  expect(matches("", undefined)).toBe(true);
});

test("a_right_to_left_name_is_isolated", () => {
  expect(isolated("زيد")).toBe("\u2068زيد\u2069");
});

test("names_are_sorted_as_people_sort_them", () => {
  expect(["ben10", "Ben2", "ana"].sort(byName((name) => name))).toEqual(["ana", "Ben2", "ben10"]);
});

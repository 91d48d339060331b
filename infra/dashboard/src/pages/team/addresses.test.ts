import { expect, test } from "vitest";
import { addresses } from "./addresses";

test("addresses_are_split_at_commas_spaces_and_lines", () => {
  expect(addresses("a@x.de, b@x.de;c@x.de\nd@x.de\t e@x.de,").emails).toEqual(["a@x.de", "b@x.de", "c@x.de", "d@x.de", "e@x.de"]);
});

test("an_address_counts_once_whatever_its_case", () => {
  expect(addresses("Ana@x.de ana@X.de").emails).toEqual(["Ana@x.de"]);
});

test("names_of_mail_programs_are_left_out", () => {
  expect(addresses('Ana Lima <ana@x.de>, "Ode, Ben" <ben@x.de>\nزيد <zaid@x.de> eva@x.de Flo <flo@x.de>')).toEqual({ emails: ["ana@x.de", "ben@x.de", "zaid@x.de", "eva@x.de", "flo@x.de"], wrong: [] });
});

test("what_is_no_address_is_named", () => {
  expect(addresses("ana ben@ @x.de c@x d@x..de e@x.de")).toEqual({ emails: ["e@x.de"], wrong: ["ana", "ben@", "@x.de", "c@x", "d@x..de"] });
});

test("nothing_is_no_address", () => {
  expect(addresses(" ,;\n")).toEqual({ emails: [], wrong: [] });
});

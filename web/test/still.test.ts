import { expect, test } from "vitest";
import { still } from "../src/model/still";

const list = (...ids: string[]) => ids.map((id) => ({ id }));

test("what comes at the top waits while the list stands still", () => {
  expect(still(list("d", "c", "b", "a"), new Set(["b", "a"]))).toEqual(list("b", "a"));
  expect(still(list("d", "c"), null)).toEqual(list("d", "c"));
});

test("another list is shown as it is, and what was taken away is not shown", () => {
  expect(still(list("x", "y"), new Set(["b"]))).toEqual(list("x", "y"));
  expect(still(list("c", "a"), new Set(["b", "a"]))).toEqual(list("a"));
});

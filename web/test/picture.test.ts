import { expect, test } from "vitest";
import { nameOf, pictureOf } from "../src/model/picture";

test.each([
  ["cat.png", "cat.png", "", "input"],
  ["a/b/cat.png [output]", "cat.png", "a/b", "output"],
  ["cat [1].png [temp]", "cat [1].png", "", "temp"],
])("the value %s names one file, and the file gives that value", (value, filename, subfolder, type) => {
  expect(pictureOf(value)).toEqual({ filename, subfolder, type });
  expect(nameOf(pictureOf(value))).toBe(value);
});

test("an input file needs not be told to be one", () => {
  expect(nameOf(pictureOf("cat.png [input]"))).toBe("cat.png");
});

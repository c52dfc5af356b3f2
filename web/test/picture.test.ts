import { expect, test } from "vitest";
import { distinct, nameOf, pictureOf } from "../src/model/picture";

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

test("a picture that several runs show is there once, where it came first", () => {
  const [a, b, b2] = ["a.png [output]", "b.png [output]", "b.png"].map(pictureOf) as [never, never, never];
  expect(distinct([b, a, b, b2, a])).toEqual([b, a, b2]);
});

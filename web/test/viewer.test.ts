import { describe, expect, test } from "vitest";
import { apart } from "../src/panel/viewer/differ";
import { FITTED, fitted, moved, zoomed } from "../src/panel/viewer/look";

describe("looking at a picture", () => {
  test("a small one is made larger by whole pixels, a large one smaller", () => {
    expect(fitted({ width: 1000, height: 600 }, { width: 64, height: 64 })).toBe(8);
    expect(fitted({ width: 1032, height: 2032 }, { width: 2000, height: 2000 })).toBe(0.5);
  });

  test("what is under the pointer stays there while it grows", () => {
    const look = zoomed({ scale: 2, x: 10, y: 0 }, 1, 2, { x: 50, y: 20 });
    expect(look).toEqual({ scale: 4, x: -30, y: -20 });
  });

  test("moving begins at the size that it has", () => {
    expect(moved(FITTED, 3, 5, -5)).toEqual({ scale: 3, x: 5, y: -5 });
  });
});

describe("how far two pictures are apart", () => {
  const pixels = (...data: number[]) => ({ data: new Uint8ClampedArray(data) as never });

  test("pictures that are alike are told to be", () => {
    expect(apart(pixels(1, 2, 3, 255), pixels(1, 2, 3, 255))).toEqual({ part: 0, most: 0 });
  });

  test("the part of the pixels that differ, and by how much", () => {
    const one = pixels(0, 0, 0, 255, 9, 9, 9, 255);
    expect(apart(one, pixels(0, 0, 0, 255, 9, 39, 8, 255))).toEqual({ part: 0.5, most: 30 });
  });
});

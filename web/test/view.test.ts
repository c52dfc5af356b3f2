import { describe, expect, test } from "vitest";
import { overlap } from "../src/model/geometry";
import { themeOf } from "../src/model/theme";
import { isSeen, largest, seenAs, viewOf } from "../src/model/view";

const SIZE = { width: 1000, height: 600 };
const CORNER = { x: 800, y: 440, width: 200, height: 160 };
const ZOOMS = { least: 0.02, most: 1 };
const at = (x: number, y: number, width = 100, height = 100) => ({ x, y, width, height });

describe("the view of a graph", () => {
  test("has it in the middle, no nearer than wanted", () => {
    const box = at(0, 0, 200, 100);
    const view = viewOf(SIZE, box, ZOOMS, null, [box]);
    expect(seenAs(box, view)).toEqual(at(400, 250, 200, 100));
    expect(viewOf(SIZE, at(0, 0, 1e6, 10), ZOOMS, null, []).zoom).toBe(ZOOMS.least);
  });

  test("is nearer in a window that is larger than most, up to what is near enough", () => {
    expect(largest({ width: 390, height: 844 })).toBe(1);
    expect(largest({ width: 1440, height: 900 })).toBe(1);
    expect(largest({ width: 1728, height: 2000 })).toBeCloseTo(1.2);
    expect(largest({ width: 5120, height: 2880 })).toBe(1.5);
  });

  test("leaves a covered corner alone beneath which nothing would lie", () => {
    const nodes = [at(0, 0), at(1500, 0)];
    const box = at(0, 0, 1600, 900);
    expect(viewOf(SIZE, box, ZOOMS, CORNER, nodes)).toEqual(viewOf(SIZE, box, ZOOMS, null, nodes));
  });

  test.each([
    ["wide", at(0, 0, 3000, 900)],
    ["tall", at(0, 0, 900, 2000)],
  ])("has no node of a %s graph beneath the covered corner", (_, box) => {
    const last = at(box.width - 100, box.height - 100);
    const view = viewOf(SIZE, box, ZOOMS, CORNER, [at(0, 0), last]);
    expect(overlap(seenAs(last, view), CORNER)).toBe(false);
    expect(isSeen(SIZE, box, view, null)).toBe(true);
  });

  test("shows what is in it and not beneath the corner", () => {
    const view = { x: 0, y: 0, zoom: 1 };
    expect(isSeen(SIZE, at(10, 10), view, CORNER)).toBe(true);
    expect(isSeen(SIZE, at(750, 400), view, CORNER)).toBe(false);
    expect(isSeen(SIZE, at(950, 10), view, CORNER)).toBe(false);
  });
});

test("the system's theme is shown until one is chosen", () => {
  expect(themeOf(null, true)).toBe("light");
  expect(themeOf(null, false)).toBe("dark");
  expect(themeOf("dark", true)).toBe("dark");
  expect(themeOf("light", false)).toBe("light");
  expect(themeOf("mauve", true)).toBe("light");
});

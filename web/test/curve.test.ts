import { describe, expect, it } from "vitest";
import {
  addKnot,
  type Curve,
  heightAt,
  moveKnot,
  readCurve,
  removeKnot,
  STRAIGHT,
  writeCurve,
} from "../src/model/curve";

const HILL: Curve = {
  points: [
    [0, 0.1],
    [0.3, 0.2],
    [0.5, 0.9],
    [1, 1],
  ],
  interpolation: "monotone_cubic",
};

describe("a curve", () => {
  it("goes through its points, and rises where they rise", () => {
    for (const [x, y] of HILL.points) expect(heightAt(HILL, x)).toBeCloseTo(y);
    const heights = Array.from({ length: 201 }, (_, index) => heightAt(HILL, index / 200));
    expect(heights.every((one, index) => index === 0 || one >= (heights[index - 1] ?? 0) - 1e-9)).toBe(true);
  });

  it("is straight between points where it is to be", () => {
    expect(heightAt({ ...HILL, interpolation: "linear" }, 0.4)).toBeCloseTo(0.55);
    expect(heightAt(STRAIGHT, 0.37)).toBeCloseTo(0.37);
  });

  it("keeps its points in order, within the square", () => {
    expect(moveKnot(HILL, 1, 0.9, 2).points[1]).toEqual([0.49, 1]);
    expect(moveKnot(HILL, 0, -1, -1).points[0]).toEqual([0, 0]);
  });

  it("gets a point where there is room, and keeps two of them", () => {
    const { curve, at } = addKnot(STRAIGHT, 0.5, 0.8);
    expect([curve.points[at], at]).toEqual([[0.5, 0.8], 1]);
    expect(addKnot(curve, 0.505, 0.1).at).toBe(-1);
    expect(removeKnot(curve, 1)).toEqual(STRAIGHT);
    expect(removeKnot(STRAIGHT, 0)).toBe(STRAIGHT);
  });

  it("is read from what an input holds; anything else is straight", () => {
    expect(readCurve(writeCurve(HILL))).toEqual(HILL);
    expect([readCurve("x"), readCurve(null), readCurve({ points: [["a", 1]] })]).toEqual([
      STRAIGHT,
      STRAIGHT,
      STRAIGHT,
    ]);
  });
});

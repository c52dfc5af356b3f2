import { describe, expect, test } from "vitest";
import { farAtRest, farWhileMoving } from "../src/canvas/far/level";

const few = () => 8;
const many = () => 100;

describe("boxes instead of nodes", () => {
  test("what is far is boxes, moving or at rest", () => {
    expect(farWhileMoving(false, 0.3, 0.3, few)).toBe(true);
    expect(farAtRest(false, 0.3)).toBe(true);
  });

  test("a few nodes stay nodes as one draws back from them", () => {
    expect(farWhileMoving(false, 0.6, 1, few)).toBe(false);
  });

  test("many nodes are boxes as soon as one draws back, and nodes again when the hand rests", () => {
    expect(farWhileMoving(false, 0.95, 1, many)).toBe(false);
    expect(farWhileMoving(false, 0.8, 1, many)).toBe(true);
    expect(farAtRest(true, 0.8)).toBe(false);
  });

  test("shifting makes no boxes of nodes, however many there are", () => {
    expect(farWhileMoving(false, 0.5, 0.5, many)).toBe(false);
  });

  test("boxes stay boxes in the midst of a movement, but not when they are large", () => {
    expect(farWhileMoving(true, 1, 0.2, many)).toBe(true);
    expect(farWhileMoving(true, 1.6, 0.2, many)).toBe(false);
  });

  test("between the two zooms at which it changes nothing changes at rest", () => {
    expect(farAtRest(true, 0.4)).toBe(true);
    expect(farAtRest(false, 0.4)).toBe(false);
  });

  test("nodes are only counted where it matters", () => {
    const count = () => {
      throw new Error("counted");
    };
    expect(farWhileMoving(false, 1, 1, count)).toBe(false);
  });
});

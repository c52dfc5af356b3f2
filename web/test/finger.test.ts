import { describe, expect, test } from "vitest";
import { Fingers } from "../src/model/finger";

describe("fingers", () => {
  test("one moves what it holds and leaves its size", () => {
    const fingers = new Fingers();
    fingers.press(1, { x: 10, y: 10 });
    expect(fingers.move(1, { x: 30, y: 15 })).toEqual({
      from: { x: 10, y: 10 },
      to: { x: 30, y: 15 },
      by: 1,
    });
    expect(fingers.move(2, { x: 0, y: 0 })).toBeNull();
  });

  test("two size it by how far they are apart, around their middle", () => {
    const fingers = new Fingers();
    fingers.press(1, { x: 0, y: 0 });
    fingers.press(2, { x: 100, y: 0 });
    expect(fingers.move(2, { x: 200, y: 0 })).toEqual({ from: { x: 50, y: 0 }, to: { x: 100, y: 0 }, by: 2 });
    fingers.release(1);
    expect(fingers.count).toBe(1);
    expect(fingers.move(2, { x: 100, y: 0 })?.by).toBe(1);
  });
});

import { describe, expect, it } from "vitest";
import {
  emptyMask,
  feather,
  fill,
  fillRegion,
  grow,
  invert,
  type Mask,
  markedPart,
  maskOf,
  middleOf,
  moveRegion,
  regionBetween,
  sizeRegion,
  stroke,
} from "../src/model/mask";

const HARD = { radius: 3, hardness: 1, erase: false };
const at = (mask: Mask, x: number, y: number): number | undefined => mask.data[y * mask.width + x];
const sum = (mask: Mask): number => mask.data.reduce((all, one) => all + one, 0);

describe("a mask", () => {
  it("is marked along a stroke and cleared by the eraser", () => {
    const mask = emptyMask(40, 20);
    const touched = stroke(mask, { x: 10, y: 10 }, { x: 30, y: 10 }, HARD);
    expect([at(mask, 20, 10), at(mask, 20, 12), at(mask, 20, 16), at(mask, 2, 10)]).toEqual([255, 255, 0, 0]);
    expect(touched).toEqual({ x: 6, y: 6, width: 28, height: 8 });
    stroke(mask, { x: 20, y: 0 }, { x: 20, y: 20 }, { ...HARD, erase: true });
    expect([at(mask, 20, 10), at(mask, 12, 10)]).toEqual([0, 255]);
  });

  it("stays within the picture when the brush leaves it", () => {
    const mask = emptyMask(8, 8);
    stroke(mask, { x: -50, y: 4 }, { x: 50, y: 4 }, HARD);
    expect([at(mask, 0, 4), at(mask, 7, 4), at(mask, 0, 0)]).toEqual([255, 255, 0]);
    expect(stroke(mask, { x: -50, y: -50 }, { x: -40, y: -50 }, HARD).width).toBe(0);
  });

  it("fades with a soft brush, and overlapping strokes do not add up", () => {
    const mask = emptyMask(40, 40);
    const soft = { radius: 10, hardness: 0, erase: false };
    stroke(mask, { x: 20, y: 20 }, { x: 20, y: 20 }, soft);
    const once = sum(mask);
    expect(at(mask, 20, 20)).toBeGreaterThan(at(mask, 26, 20) ?? 0);
    stroke(mask, { x: 20, y: 20 }, { x: 20, y: 20 }, soft);
    expect(sum(mask)).toBe(once);
  });

  it("is filled as far as its edges, and filled again is cleared", () => {
    const mask = emptyMask(20, 20);
    for (const [from, to] of [
      [5, 15],
      [15, 5],
    ] as const) {
      stroke(mask, { x: from, y: 5 }, { x: from, y: 15 }, { ...HARD, radius: 1 });
      stroke(mask, { x: 5, y: to }, { x: 15, y: to }, { ...HARD, radius: 1 });
    }
    fill(mask, { x: 10, y: 10 });
    expect([at(mask, 10, 10), at(mask, 8, 12), at(mask, 1, 1), at(mask, 19, 10)]).toEqual([255, 255, 0, 0]);
    fill(mask, { x: 10, y: 10 });
    expect(sum(mask)).toBeLessThan(100 * 255);
    expect(at(mask, 10, 10)).toBe(0);
    fill(mask, { x: -1, y: 99 });
  });

  it("keeps its weight when its edges are softened", () => {
    const mask = emptyMask(64, 64);
    stroke(mask, { x: 32, y: 32 }, { x: 32, y: 32 }, { ...HARD, radius: 10 });
    const before = sum(mask);
    feather(mask, 6);
    expect(Math.abs(sum(mask) / before - 1)).toBeLessThan(0.02);
    expect(at(mask, 32 + 10, 32)).toBeGreaterThan(40);
    expect(at(mask, 32 + 10, 32)).toBeLessThan(200);
  });

  it("is what the alpha channel leaves out, and can be turned round", () => {
    const mask = maskOf({
      width: 2,
      height: 1,
      data: new Uint8ClampedArray([9, 9, 9, 255, 9, 9, 9, 55]),
    } as never);
    expect([...mask.data]).toEqual([0, 200]);
    invert(mask);
    expect([...mask.data]).toEqual([255, 55]);
  });
});

describe("a box of a mask", () => {
  const picture = emptyMask(40, 20);

  it("begins in the middle and is moved and sized within the picture", () => {
    const box = middleOf(picture);
    expect(box).toEqual({ x: 10, y: 5, width: 20, height: 10 });
    expect(moveRegion(box, 100, -3, picture)).toEqual({ ...box, x: 20, y: 2 });
    expect(sizeRegion(box, -100, 100, picture)).toEqual({ ...box, width: 1, height: 15 });
  });

  it("is drawn from any corner, also from beyond the picture", () => {
    const drawn = regionBetween({ x: 50, y: 8.4 }, { x: 29.5, y: -9 }, picture);
    expect(drawn).toEqual({ x: 29, y: 0, width: 11, height: 9 });
  });

  it("is marked and cleared, and grows and shrinks by as many pixels as wanted", () => {
    const mask = emptyMask(40, 20);
    fillRegion(mask, { x: 10, y: 5, width: 20, height: 10 }, true);
    expect(markedPart(mask)).toBe(0.25);
    grow(mask, 5);
    expect([at(mask, 5, 0), at(mask, 34, 19), at(mask, 4, 10), at(mask, 35, 10)]).toEqual([255, 255, 0, 0]);
    grow(mask, -7);
    expect(at(mask, 12, 10)).toBe(255);
    expect(at(mask, 11, 10)).toBe(0);
    fillRegion(mask, { x: 0, y: 0, width: 40, height: 20 }, false);
    expect(markedPart(mask)).toBe(0);
  });
});

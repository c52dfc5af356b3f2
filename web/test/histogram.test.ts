import { expect, test } from "vitest";
import { BINS, levels, outlineOf, pictureWire } from "../src/model/histogram";
import { connect } from "../src/model/wire";
import { CATALOGUE, chain } from "./graph";

const pixels = (...lights: number[]) => ({
  data: new Uint8ClampedArray(lights.flatMap((one) => [one, one, one, 255])) as never,
});

test("levels are counted by brightness, the most frequent as one", () => {
  const counted = levels(pixels(0, 0, 0, 0, 255));
  expect([counted[0], counted[BINS - 1], counted[5]]).toEqual([1, 0.5, 0]);
  expect(levels(pixels())).toEqual(new Array(BINS).fill(0));
});

test("they are drawn as columns from the ground", () => {
  expect(outlineOf([1, 0.5], 100)).toBe("M0 100V0.00H50.00V50.00H100.00V100Z");
});

test("the picture is found that goes into the node, or into the one that takes its curve", () => {
  const document = chain();
  expect(pictureWire(document, "6")?.from).toBe("5");
  expect(pictureWire(document, "5")?.to).toBe("6");
  expect(pictureWire(document, "2")).toBeNull();
  expect(pictureWire(connect({ node: "5", slot: 0 }, "6", "images", CATALOGUE)(document), "6")?.slot).toBe(0);
});

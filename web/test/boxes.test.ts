import { describe, expect, test } from "vitest";
import {
  addBox,
  between,
  boxesOf,
  coloursIn,
  placeBox,
  removeBox,
  shiftBox,
  tellBox,
} from "../src/model/boxes";

const SIZE = { width: 100, height: 80 };
const one = addBox([], between(60.4, 50, 20, 10), SIZE);
const sides = (value: unknown) =>
  boxesOf(value as never).map(({ x, y, width, height }) => [x, y, width, height]);

describe("boxes on a picture", () => {
  test("are drawn from any corner, in whole pixels inside the picture", () => {
    expect(sides(one)).toEqual([[20, 10, 40, 40]]);
    expect(sides(placeBox(one, 0, { x: 90, y: -5, width: 40, height: 200 }, SIZE))).toEqual([
      [60, 0, 40, 80],
    ]);
    expect(sides(placeBox(one, 0, { x: 5, y: 5, width: -3, height: 0 }, SIZE))).toEqual([[5, 5, 4, 4]]);
  });

  test("say what is to be seen, and keep what else they say", () => {
    const more = [{ x: 1, y: 2, width: 3, height: 4, metadata: { name: "left eye", desc: "eye" } }];
    const told = tellBox(tellBox(more, 0, { desc: "an eye" }), 0, {
      palette: coloursIn("#FF0000, #00ff00 red"),
    });
    expect(told).toEqual([
      {
        ...more[0],
        metadata: { name: "left eye", desc: "an eye", palette: ["#FF0000", "#00ff00"] },
      },
    ]);
    expect(boxesOf(told)[0]).toMatchObject({
      desc: "an eye",
      isText: false,
      palette: ["#FF0000", "#00ff00"],
    });
  });

  test("leave entries alone that are no boxes, and know their own places beside them", () => {
    const mixed = [{ odd: true }, ...(one as [])] as never;
    expect(boxesOf(mixed)[0]?.at).toBe(1);
    expect(placeBox(mixed, 1, { x: 0, y: 0, width: 9, height: 9 }, SIZE)).toMatchObject([
      { odd: true },
      { width: 9 },
    ]);
    expect(removeBox(mixed, 1)).toEqual([{ odd: true }]);
    expect(boxesOf("no list")).toEqual([]);
  });

  test("go before and behind each other", () => {
    const two = addBox(one, between(0, 0, 9, 9), SIZE);
    expect(sides(shiftBox(two, 0, 1))).toEqual([
      [0, 0, 9, 9],
      [20, 10, 40, 40],
    ]);
    expect(shiftBox(two, 0, -1)).toEqual(two);
  });
});

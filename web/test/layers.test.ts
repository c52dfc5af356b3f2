import { describe, expect, test } from "vitest";
import { arrangementOf, type Came, isFor, layWith, shiftLayer, written } from "../src/model/layers";

const layer = (name: string, x: number) => ({
  x,
  y: 0,
  width: 4,
  height: 4,
  rotation: 0,
  name,
  visible: true,
  opacity: 1,
  blend: "normal",
  flipH: false,
  flipV: false,
});
const CAME: Came = {
  layers: [layer("sky", 0), layer("bird", 2)],
  inputs: ["a1", "b2"],
  canvas: { w: 8, h: 4 },
};

describe("layers that a person lays", () => {
  test("lie as they came at first", () => {
    const fresh = arrangementOf({}, CAME);
    expect(fresh.canvas).toEqual({ w: 8, h: 4 });
    expect(fresh.layers[1]).toMatchObject({
      name: "bird",
      transform: { x: 2, y: 0, w: 4, h: 4, rotation: 0 },
    });
    expect(isFor({}, CAME)).toBe(false);
  });

  test("are moved, faded and put in another order, each by itself", () => {
    const moved = layWith(arrangementOf({}, CAME), 1, { opacity: 0.5, transform: { x: 4 } });
    const under = shiftLayer(moved, 1, -1);
    expect(under.order).toEqual([1, 0]);
    expect(shiftLayer(under, 1, -1)).toBe(under);
    expect(under.layers[0]?.transform.x).toBe(0);
    expect(under.layers[1]).toMatchObject({ opacity: 0.5, transform: { x: 4, y: 0 } });
    expect(arrangementOf(written(under), CAME)).toEqual(under);
  });

  test("lie as they came again when they are others", () => {
    const laid = written(layWith(arrangementOf({}, CAME), 0, { visible: false }));
    const other = { ...CAME, inputs: ["a1", "c3"] };
    expect(arrangementOf(laid, other).layers[0]?.visible).toBe(true);
  });

  test("keep what a file says of them beside", () => {
    const file = { ...arrangementOf({}, CAME), background: { color: "#123456", visible: true } } as never;
    expect(layWith(arrangementOf(file, CAME), 0, { opacity: 0 })).toMatchObject({
      background: { color: "#123456", visible: true },
    });
  });
});

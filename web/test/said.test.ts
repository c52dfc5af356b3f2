import { describe, expect, test } from "vitest";
import { shapeOf } from "../src/model/shape";
import { CATALOGUE, node } from "./graph";

const shape = (type: string, height: number, collapsed = false) =>
  shapeOf({ ...node("1", type), height, collapsed }, CATALOGUE[type]);

describe("the words that a node shows", () => {
  test("stand in the room below its sockets, as much as there is", () => {
    const { words, height, sockets } = shape("Upscale", 200);
    expect(words?.y).toBeGreaterThanOrEqual((sockets[0]?.y ?? 0) + 10);
    expect((words?.y ?? 0) + (words?.height ?? 0)).toBeLessThan(height);
    expect(words?.height).toBeGreaterThan(100);
  });

  test("have none in a small node, in a closed one, and where a picture is", () => {
    expect(shape("Upscale", 0).words).toBeNull();
    expect(shape("Upscale", 200, true).words).toBeNull();
    expect(shape("Save", 300).words).toBeNull();
  });
});

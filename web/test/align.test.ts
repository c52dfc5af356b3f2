import { describe, expect, it } from "vitest";
import { align, spread } from "../src/model/align";
import { boxOf } from "../src/model/box";
import { type Document, EMPTY } from "../src/model/document";
import { putNode, toggleFlag } from "../src/model/edit";
import { CATALOGUE, node } from "./graph";

const three = (): Document =>
  [node("1", "Latent", 0, 0), node("2", "Sampler", 400, 90), node("3", "Latent", 1000, 40)].reduce(
    (made, one) => putNode(one)(made),
    EMPTY,
  );
const box = (document: Document, id: string) => {
  const one = document.nodes[id] as never as Parameters<typeof boxOf>[0];
  return boxOf(one, CATALOGUE[one.type]);
};
const ids = ["1", "2", "3"];

describe("arranging nodes", () => {
  it("puts edges on the line of the one that lies furthest out", () => {
    const top = align(ids, "top", CATALOGUE)(three());
    expect(ids.map((id) => box(top, id).y)).toEqual([0, 0, 0]);
    const right = align(ids, "right", CATALOGUE)(three());
    const edges = ids.map((id) => box(right, id).x + box(right, id).width);
    expect(new Set(edges).size).toBe(1);
    const bottom = align(ids, "bottom", CATALOGUE)(three());
    expect(new Set(ids.map((id) => box(bottom, id).y + box(bottom, id).height)).size).toBe(1);
  });

  it("leaves the same room between them, and the outer ones where they are", () => {
    const made = spread(ids, "across", CATALOGUE)(three());
    const [a, b, c] = ids.map((id) => box(made, id)) as [
      ReturnType<typeof box>,
      ReturnType<typeof box>,
      ReturnType<typeof box>,
    ];
    expect([a.x, c.x]).toEqual([0, 1000]);
    expect(Math.abs(b.x - (a.x + a.width) - (c.x - (b.x + b.width)))).toBeLessThanOrEqual(1);
    expect(b.y).toBe(box(three(), "2").y);
  });

  it("leaves pinned nodes alone, and one node as it is", () => {
    const pinned = toggleFlag(["3"], "pinned")(three());
    const made = align(ids, "left", CATALOGUE)(pinned);
    expect(made.nodes["3"]?.x).toBe(1000);
    expect(made.nodes["2"]?.x).toBe(0);
    const document = three();
    expect(align(["1"], "left", CATALOGUE)(document)).toBe(document);
    expect(spread(["1", "2"], "down", CATALOGUE)(document)).toBe(document);
  });
});

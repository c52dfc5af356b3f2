import { describe, expect, test } from "vitest";
import { boxOf } from "../src/model/box";
import type { Document } from "../src/model/document";
import { putNode } from "../src/model/edit";
import { frameAround, putFrame } from "../src/model/frame";
import { tidyFramed } from "../src/model/framed";
import { makeRoom } from "../src/model/room";
import { insert } from "../src/model/wire";
import { CATALOGUE, chain, node } from "./graph";

const box = (document: Document, id: string) => {
  const one = document.nodes[id] as NonNullable<Document["nodes"][string]>;
  return boxOf(one, CATALOGUE[one.type]);
};
const right = (document: Document, id: string) => box(document, id).x + box(document, id).width;

/** The chain with a node that was dropped on the wire from the sampler to the decoder. */
function dropped(x: number, drawing = chain()): Document {
  const link = Object.values(drawing.links).find((one) => one.from === "4") as never;
  const put = putNode({ ...node("9", "Upscale"), x, y: 30 })(drawing);
  return makeRoom("9", link, CATALOGUE)(insert("9", link, CATALOGUE)(put));
}

describe("a node that is put into a wire", () => {
  test("pushes what is to the right on by as much as it needs, and leaves what is to the left", () => {
    const before = chain();
    const after = dropped(1150);
    for (const id of ["1", "2", "3", "4"]) expect(after.nodes[id]).toEqual(before.nodes[id]);
    expect(box(after, "9").x).toBe(right(before, "4") + 40);
    expect(box(after, "5").x).toBe(right(after, "9") + 40);
    expect(box(after, "6").x - box(after, "5").x).toBe(box(before, "6").x - box(before, "5").x);
  });

  test("moves nothing where there is room", () => {
    const wide = { ...chain().nodes };
    for (const id of ["5", "6"]) wide[id] = { ...(wide[id] as never as { x: number }), x: 3000 } as never;
    const after = dropped(2000, { ...chain(), nodes: wide });
    expect(box(after, "9").x).toBe(2000);
    expect(box(after, "5").x).toBe(3000);
  });

  test("takes along the frame of what it pushes, and widens one that it stands across", () => {
    const around = (ids: string[], id: string) => (document: Document) =>
      putFrame({ ...(frameAround(document, ids, CATALOGUE, id) as never as { id: string }), id } as never)(
        document,
      );
    const framed = around(["4", "5"], "across")(around(["6"], "last")(chain()));
    const after = dropped(1150, framed);
    const by = box(after, "6").x - box(framed, "6").x;
    expect(by).toBeGreaterThan(0);
    expect(after.frames.last).toMatchObject({ x: (framed.frames.last?.x ?? 0) + by });
    expect(after.frames.across).toMatchObject({ x: framed.frames.across?.x });
    expect((after.frames.across?.width ?? 0) + (after.frames.across?.x ?? 0)).toBe(right(after, "5") + 20);
  });
});

describe("a frame around a frame", () => {
  const inner = putFrame(frameAround(chain(), ["4", "5"], CATALOGUE, "inner") as never)(chain());
  const outer = frameAround(inner, ["4", "5", "6"], CATALOGUE, "outer") as never as Frame;
  const one = Object.values(inner.frames)[0] as Frame;

  test("leaves an edge to it on every side, also around the same nodes", () => {
    const same = frameAround(inner, ["4", "5"], CATALOGUE, "same") as never as Frame;
    for (const frame of [outer, same]) expect(one.x - frame.x).toBeGreaterThanOrEqual(20);
    expect(one.y - same.y).toBeGreaterThanOrEqual(20);
    expect(same.x + same.width - one.x - one.width).toBeGreaterThanOrEqual(20);
    expect(same.y + same.height - one.y - one.height).toBeGreaterThanOrEqual(20);
  });

  test("keeps it when the graph is tidied", () => {
    const both = putFrame({ ...outer, id: "f9" } as never)(inner);
    const tidied = tidyFramed(Object.keys(both.nodes), CATALOGUE)(both).frames;
    const [small, large] = [tidied[one.id] as Frame, tidied.f9 as Frame];
    expect(small.x - large.x).toBeGreaterThanOrEqual(20);
    expect(small.y - large.y).toBeGreaterThanOrEqual(20);
    expect(tidyFramed(Object.keys(both.nodes), CATALOGUE)(both).frames.f9).toEqual(large);
  });
});

interface Frame {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

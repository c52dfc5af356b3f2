import { describe, expect, test } from "vitest";
import type { Document, Link } from "../src/model/document";
import { putNode, remove } from "../src/model/edit";
import { fromNamed, toNamed } from "../src/model/file";
import { carried, frameAround, putFrame } from "../src/model/frame";
import { tidyFramed } from "../src/model/framed";
import { partsOf, spanOf, wireAt } from "../src/model/geometry";
import { addPoint, movePoint, removePoint, wayOf } from "../src/model/route";
import { connect } from "../src/model/wire";
import { CATALOGUE, chain, node } from "./graph";

const wire = (document: Document, id: number): Link => document.links[id] as Link;
const way = (document: Document, id: number): number[] =>
  wayOf(document, wire(document, id)).map((one) => one.id);
const bent = addPoint(addPoint(chain(), 6, { x: 10, y: 20 }, 0), 6, { x: 30, y: 40 }, 1);

describe("reroute points", () => {
  test("are passed in the order in which they stand on the wire", () => {
    expect(way(bent, 6)).toEqual([1, 2]);
    expect(way(addPoint(bent, 6, { x: 0, y: 0 }, 0), 6)).toEqual([3, 1, 2]);
    expect(way(addPoint(bent, 6, { x: 0, y: 0 }, 1), 6)).toEqual([1, 3, 2]);
  });

  test("bend the wire, which is found by each of its parts", () => {
    const far = movePoint(bent, 1, { x: 500, y: 5000 });
    const span = spanOf(far, wire(far, 6), CATALOGUE);
    expect(span && partsOf(span)).toHaveLength(3);
    expect(wireAt(far, { x: 500, y: 4999 }, CATALOGUE, 20)?.link.id).toBe(6);
    expect(wireAt(chain(), { x: 500, y: 4999 }, CATALOGUE, 20)).toBeNull();
  });

  test("that are taken away leave the wire with the others", () => {
    expect(way(removePoint(bent, 1), 6)).toEqual([2]);
    expect(way(removePoint(bent, 2), 6)).toEqual([1]);
    expect(way(removePoint(removePoint(bent, 1), 2), 6)).toEqual([]);
  });

  test("are in the file with the wires that pass them, and read from it", () => {
    const named = toNamed(bent);
    expect(named.reroutes).toEqual([
      { id: 1, pos: [10, 20], links: [6], parent: null },
      { id: 2, pos: [30, 40], links: [6], parent: 1 },
    ]);
    expect(toNamed(fromNamed(JSON.parse(JSON.stringify(named))))).toEqual(named);
    expect(toNamed(remove(["4"])(bent)).reroutes).toBeUndefined();
  });
});

describe("tidying with frames", () => {
  const frame = frameAround(chain(), ["2", "3"], CATALOGUE, "Prompt") as never;
  const framed = putFrame(frame)(
    connect({ node: "1", slot: 1 }, "7", "clip", CATALOGUE)(putNode(node("7", "Encode", 10, 900))(chain())),
  );
  const tidied = tidyFramed(Object.keys(framed.nodes), CATALOGUE)(framed);

  test("a frame keeps its nodes and takes in no others", () => {
    const after = tidied.frames.f1 as never;
    expect(carried(tidied, after, CATALOGUE).sort()).toEqual(["2", "3"]);
  });

  test("tidying again changes nothing", () => {
    const again = tidyFramed(Object.keys(framed.nodes), CATALOGUE)(tidied);
    expect(again.nodes).toEqual(tidied.nodes);
    expect(again.frames).toEqual(tidied.frames);
  });

  test("wires between tidied nodes lead straight", () => {
    expect(wire(tidyFramed(Object.keys(bent.nodes), CATALOGUE)(bent), 6).via).toBeUndefined();
  });
});

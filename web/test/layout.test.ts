import { expect, test } from "vitest";
import { boxOf } from "../src/model/box";
import { EMPTY } from "../src/model/document";
import { moveTo, putNode } from "../src/model/edit";
import { boxBetween, overlap, spanOf, wireThrough } from "../src/model/geometry";
import { tidy } from "../src/model/layout";
import { snap } from "../src/model/snap";
import { walk } from "../src/model/walk";
import { connect } from "../src/model/wire";
import { CATALOGUE, chain, node } from "./graph";

const all = (document: ReturnType<typeof chain>) => Object.keys(document.nodes);
const placed = (document: ReturnType<typeof chain>) =>
  moveTo(tidy(document, all(document), CATALOGUE))(document);

test("a tidied graph reads from left to right, and nothing lies upon another", () => {
  const scattered = moveTo(
    new Map(all(chain()).map((id, index) => [id, { x: (index * 37) % 90, y: (index * 71) % 60 }])),
  )(chain());
  const document = placed(scattered);
  for (const link of Object.values(document.links)) {
    expect(document.nodes[link.from]?.x).toBeLessThan(document.nodes[link.to]?.x ?? 0);
  }
  const boxes = Object.values(document.nodes).map((one) => boxOf(one, CATALOGUE[one.type]));
  for (const [at, box] of boxes.entries())
    for (const other of boxes.slice(at + 1)) expect(overlap(box, other)).toBe(false);
});

test("tidying twice changes nothing more", () => {
  expect(placed(placed(chain()))).toEqual(placed(chain()));
});

test("a circle in a damaged file does not hang it", () => {
  const two = putNode(node("2", "Upscale"))(putNode(node("1", "Upscale"))(EMPTY));
  const looped = connect(
    { node: "2", slot: 0 },
    "1",
    "samples",
    CATALOGUE,
  )(connect({ node: "1", slot: 0 }, "2", "samples", CATALOGUE)(two));
  expect(tidy(looped, ["1", "2"], CATALOGUE).size).toBe(2);
});

test("a thousand nodes are tidied in well under a second", () => {
  let document = EMPTY;
  for (let index = 1; index <= 1000; index++) {
    document = putNode(node(String(index), "Upscale"))(document);
    if (index > 1)
      document = connect(
        { node: String(Math.ceil(index / 2)), slot: 0 },
        String(index),
        "samples",
        CATALOGUE,
      )(document);
  }
  const begun = performance.now();
  expect(tidy(document, all(document), CATALOGUE).size).toBe(1000);
  expect(performance.now() - begun).toBeLessThan(3000);
});

test("arrow keys go along wires, and past them where none leads on", () => {
  const document = placed(chain());
  expect(walk(document, "5", "right", CATALOGUE)).toBe("6");
  expect(walk(document, "6", "left", CATALOGUE)).toBe("5");
  expect(walk(document, "6", "right", CATALOGUE)).toBeNull();
});

test("nodes of one rank that are tidied without those around them stand one under the other", () => {
  const document = connect(
    { node: "1", slot: 1 },
    "7",
    "clip",
    CATALOGUE,
  )(putNode(node("7", "Encode"))(chain()));
  const places = tidy(document, ["2", "7"], CATALOGUE);
  const [one, other] = [places.get("2"), places.get("7")];
  expect(one?.x).toBe(other?.x);
  expect(Math.abs((one?.y ?? 0) - (other?.y ?? 0))).toBeGreaterThan(100);
});

test("a node on a wire is found to be on it", () => {
  const document = chain();
  const link = Object.values(document.links).find((one) => one.to === "6");
  const span = link && spanOf(document, link, CATALOGUE);
  expect(wireThrough(document, boxBetween(span?.a as never, span?.b as never), CATALOGUE, "9")).toBe(link);
});

test("a moved node snaps to its neighbour's edge when it is near", () => {
  const document = putNode(node("2", "Latent", 0, 400))(putNode(node("1", "Latent", 0, 0))(EMPTY));
  const y = document.nodes["2"]?.y ?? 0;
  expect(snap(document, "2", { x: 4, y }, CATALOGUE).place.x).toBe(0);
  expect(snap(document, "2", { x: 40, y }, CATALOGUE).place.x).toBe(40);
});

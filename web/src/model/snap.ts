import { type Box, boxOf } from "./box";
import type { Document } from "./document";
import type { Point } from "./edit";
import { HEADER } from "./shape";
import type { Catalogue } from "./spec";

/** Where a moved node comes to stand, and the lines that it stands on. */
export interface Snap {
  readonly place: Point;
  readonly x: number | null;
  readonly y: number | null;
  readonly span: Box;
}

const NEAR = 6;
const AROUND = 900;

/** Draw a moved node to the edges of the nodes around it. */
export function snap(document: Document, id: string, place: Point, catalogue: Catalogue): Snap {
  const node = document.nodes[id];
  if (!node) return { place, x: null, y: null, span: { ...place, width: 0, height: 0 } };
  const size = boxOf(node, catalogue[node.type]);
  const own: Box = { x: place.x, y: place.y - HEADER, width: size.width, height: size.height };
  const others = near(document, id, own, catalogue);
  const x = closest(
    others.flatMap((box) => [box.x, box.x + box.width]),
    [own.x, own.x + own.width],
  );
  const y = closest(
    others.flatMap((box) => [box.y, box.y + box.height]),
    [own.y, own.y + own.height],
  );
  const moved = { ...own, x: own.x + (x?.by ?? 0), y: own.y + (y?.by ?? 0) };
  const on = others.filter((box) => touches(box, x?.line ?? null, y?.line ?? null));
  return {
    place: { x: moved.x, y: moved.y + HEADER },
    x: x?.line ?? null,
    y: y?.line ?? null,
    span: around([moved, ...on]),
  };
}

function near(document: Document, id: string, own: Box, catalogue: Catalogue): Box[] {
  return Object.values(document.nodes)
    .filter((one) => one.id !== id && Math.abs(one.x - own.x) < AROUND && Math.abs(one.y - own.y) < AROUND)
    .map((one) => boxOf(one, catalogue[one.type]));
}

function closest(lines: readonly number[], edges: readonly number[]): { line: number; by: number } | null {
  let best: { line: number; by: number } | null = null;
  for (const line of lines) {
    for (const edge of edges) {
      const by = line - edge;
      if (Math.abs(by) <= NEAR && (!best || Math.abs(by) < Math.abs(best.by))) best = { line, by };
    }
  }
  return best;
}

const touches = (box: Box, x: number | null, y: number | null): boolean =>
  (x !== null && (box.x === x || box.x + box.width === x)) ||
  (y !== null && (box.y === y || box.y + box.height === y));

function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  return {
    x,
    y,
    width: Math.max(...boxes.map((box) => box.x + box.width)) - x,
    height: Math.max(...boxes.map((box) => box.y + box.height)) - y,
  };
}

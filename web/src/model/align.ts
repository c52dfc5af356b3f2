import { type Box, boxOf } from "./box";
import type { Document } from "./document";
import { type Edit, moveTo, type Point } from "./edit";
import { HEADER } from "./shape";
import type { Catalogue } from "./spec";

export type Side = "left" | "right" | "top" | "bottom";
export type Line = "across" | "down";

type Placed = readonly [id: string, box: Box];

const boxesOf = (document: Document, ids: readonly string[], catalogue: Catalogue): Placed[] =>
  ids.flatMap((id): Placed[] => {
    const node = document.nodes[id];
    return node && !node.pinned ? [[id, boxOf(node, catalogue[node.type])]] : [];
  });

const put = (places: readonly (readonly [string, Point])[]): Edit =>
  moveTo(new Map(places.map(([id, { x, y }]) => [id, { x: Math.round(x), y: Math.round(y) + HEADER }])));

/** Put nodes with one edge on a line: that of the one which lies furthest out. */
export const align =
  (ids: readonly string[], side: Side, catalogue: Catalogue): Edit =>
  (document) => {
    const all = boxesOf(document, ids, catalogue);
    if (all.length < 2) return document;
    const ends = {
      left: Math.min(...all.map(([, box]) => box.x)),
      right: Math.max(...all.map(([, box]) => box.x + box.width)),
      top: Math.min(...all.map(([, box]) => box.y)),
      bottom: Math.max(...all.map(([, box]) => box.y + box.height)),
    };
    const placeOf = ({ x, y, width, height }: Box): Point => {
      if (side === "left") return { x: ends.left, y };
      if (side === "right") return { x: ends.right - width, y };
      return side === "top" ? { x, y: ends.top } : { x, y: ends.bottom - height };
    };
    return put(all.map(([id, box]) => [id, placeOf(box)] as const))(document);
  };

/** Leave the same room between nodes; the first and the last stay where they are. */
export const spread =
  (ids: readonly string[], line: Line, catalogue: Catalogue): Edit =>
  (document) => {
    const [start, size] = line === "across" ? (["x", "width"] as const) : (["y", "height"] as const);
    const all = boxesOf(document, ids, catalogue).sort((one, other) => one[1][start] - other[1][start]);
    const [first, last] = [all[0], all.at(-1)];
    if (!first || !last || all.length < 3) return document;
    const taken = all.reduce((sum, [, box]) => sum + box[size], 0);
    const gap = (last[1][start] + last[1][size] - first[1][start] - taken) / (all.length - 1);
    let next = first[1][start];
    const places = all.map(([id, box]) => {
      const place = { x: box.x, y: box.y, [start]: next };
      next += box[size] + gap;
      return [id, place] as const;
    });
    return put(places)(document);
  };

import type { Document, GraphNode } from "./document";
import type { Point } from "./edit";
import { HEADER, shapeOf } from "./shape";
import type { Catalogue, Spec } from "./spec";

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** The box of a node, title bar included. */
export function boxOf(node: GraphNode, spec: Spec | undefined): Box {
  const shape = shapeOf(node, spec);
  return { x: node.x, y: node.y - HEADER, width: shape.width, height: shape.height };
}

/** The box around nodes, or null when there are none. */
export function boundsOf(document: Document, ids: Iterable<string>, catalogue: Catalogue): Box | null {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const id of ids) {
    const node = document.nodes[id];
    if (!node) continue;
    const box = boxOf(node, catalogue[node.type]);
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  return left > right ? null : { x: left, y: top, width: right - left, height: bottom - top };
}

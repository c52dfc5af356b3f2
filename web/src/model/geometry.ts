import type { Document, Link } from "./document";
import { type Box, boxOf, type Point } from "./edit";
import { HEADER, inputY, outputY, shapeOf } from "./shape";
import type { Catalogue } from "./spec";

/** The two ends of a wire on the canvas. */
export interface Span {
  readonly a: Point;
  readonly b: Point;
}

export function spanOf(document: Document, link: Link, catalogue: Catalogue): Span | null {
  const from = document.nodes[link.from];
  const to = document.nodes[link.to];
  if (!from || !to) return null;
  const out = shapeOf(from, catalogue[from.type]);
  const into = shapeOf(to, catalogue[to.type]);
  return {
    a: { x: from.x + out.width, y: from.y - HEADER + outputY(out, link.slot) },
    b: { x: to.x, y: to.y - HEADER + inputY(into, link.input, to.collapsed) },
  };
}

/** How far the handles of a wire's curve reach. */
export function reach({ a, b }: Span): number {
  const across = b.x - a.x;
  const apart = Math.hypot(across, b.y - a.y);
  return across >= 0 ? Math.min(apart * 0.5, Math.max(30, across * 0.5)) : Math.min(220, 40 + apart * 0.35);
}

/** The curve of a wire as an SVG path. */
export function curve(span: Span): string {
  const { a, b } = span;
  const d = reach(span);
  return `M${a.x},${a.y} C${a.x + d},${a.y} ${b.x - d},${b.y} ${b.x},${b.y}`;
}

const STEPS = 16;

/** Points along a wire. */
export function points(span: Span): Point[] {
  const { a, b } = span;
  const d = reach(span);
  return Array.from({ length: STEPS + 1 }, (_, index) => {
    const t = index / STEPS;
    const u = 1 - t;
    const [p, q, r, s] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    return { x: p * a.x + q * (a.x + d) + r * (b.x - d) + s * b.x, y: (p + q) * a.y + (r + s) * b.y };
  });
}

/** The box that a wire stays in. */
export function boundsOfSpan(span: Span): Box {
  const d = span.b.x < span.a.x ? reach(span) : 0;
  const x = Math.min(span.a.x, span.b.x) - d;
  const y = Math.min(span.a.y, span.b.y);
  return { x, y, width: Math.abs(span.b.x - span.a.x) + 2 * d, height: Math.abs(span.b.y - span.a.y) };
}

export const overlap = (one: Box, other: Box): boolean =>
  one.x <= other.x + other.width &&
  other.x <= one.x + one.width &&
  one.y <= other.y + other.height &&
  other.y <= one.y + one.height;

export const inside = (box: Box, point: Point): boolean =>
  point.x >= box.x && point.x <= box.x + box.width && point.y >= box.y && point.y <= box.y + box.height;

export const boxBetween = (one: Point, other: Point): Box => ({
  x: Math.min(one.x, other.x),
  y: Math.min(one.y, other.y),
  width: Math.abs(one.x - other.x),
  height: Math.abs(one.y - other.y),
});

/** The wire that passes through a box, other than those of a node that is moved there. */
export function wireThrough(document: Document, box: Box, catalogue: Catalogue, but: string): Link | null {
  for (const link of Object.values(document.links)) {
    if (link.from === but || link.to === but) continue;
    const span = spanOf(document, link, catalogue);
    if (span && overlap(boundsOfSpan(span), box) && points(span).some((point) => inside(box, point)))
      return link;
  }
  return null;
}

/** The wires that a stroke crosses. */
export function wiresAcross(document: Document, stroke: readonly Point[], catalogue: Catalogue): Link[] {
  return Object.values(document.links).filter((link) => {
    const span = spanOf(document, link, catalogue);
    if (!span) return false;
    const path = points(span);
    return stroke.slice(1).some((end, at) => crosses(stroke[at] as Point, end, path));
  });
}

const crosses = (from: Point, to: Point, path: readonly Point[]): boolean =>
  path.slice(1).some((end, at) => meet(from, to, path[at] as Point, end));

function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  const side = (p: Point, q: Point, r: Point) => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  return side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0;
}

/** The node at a point; of several the one that was added last. */
export function nodeAt(document: Document, point: Point, catalogue: Catalogue): string | null {
  let found: string | null = null;
  for (const node of Object.values(document.nodes)) {
    if (inside(boxOf(node, catalogue[node.type]), point)) found = node.id;
  }
  return found;
}

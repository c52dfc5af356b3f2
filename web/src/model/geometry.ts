import { type Box, boxOf } from "./box";
import type { Document, Link } from "./document";
import type { Point } from "./edit";
import { wayOf } from "./route";
import { HEADER, inputY, outputY, shapeOf } from "./shape";
import type { Catalogue } from "./spec";

/** The two ends of a wire on the canvas. */
export interface Span {
  readonly a: Point;
  readonly b: Point;
  /** The points that it passes on its way. */
  readonly via?: readonly Point[];
}

const NO_POINTS: readonly Point[] = [];

export function spanOf(document: Document, link: Link, catalogue: Catalogue): Span | null {
  const from = document.nodes[link.from];
  const to = document.nodes[link.to];
  if (!from || !to) return null;
  const out = shapeOf(from, catalogue[from.type]);
  const into = shapeOf(to, catalogue[to.type]);
  return {
    a: { x: from.x + out.width, y: from.y - HEADER + outputY(out, link.slot) },
    b: { x: to.x, y: to.y - HEADER + inputY(into, link.input, to.collapsed) },
    ...(link.via === undefined ? {} : { via: wayOf(document, link) }),
  };
}

/** A wire as parts that each lead from one point to the next. */
export function partsOf({ a, b, via = NO_POINTS }: Span): Span[] {
  const all = [a, ...via, b];
  return all.slice(1).map((end, at) => ({ a: all[at] as Point, b: end }));
}

/** How far the handles of a wire's curve reach. */
export function reach({ a, b }: Span): number {
  const across = b.x - a.x;
  const apart = Math.hypot(across, b.y - a.y);
  return across >= 0 ? Math.min(apart * 0.5, Math.max(30, across * 0.5)) : Math.min(220, 40 + apart * 0.35);
}

/** The curve of a wire as an SVG path. */
export const curve = (span: Span): string =>
  partsOf(span)
    .map((part) => {
      const { a, b } = part;
      const d = reach(part);
      return `M${a.x},${a.y} C${a.x + d},${a.y} ${b.x - d},${b.y} ${b.x},${b.y}`;
    })
    .join(" ");

const STEPS = 16;

/** Points along a wire. */
export const points = (span: Span): Point[] => partsOf(span).flatMap(pointsOf);

/** Points along one part of a wire. */
export function pointsOf(span: Span): Point[] {
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
  if (!span.via) return boundsOfPart(span);
  const boxes = partsOf(span).map(boundsOfPart);
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

function boundsOfPart(span: Span): Box {
  const d = span.b.x < span.a.x ? reach(span) : 0;
  const x = Math.min(span.a.x, span.b.x) - d;
  const y = Math.min(span.a.y, span.b.y);
  return { x, y, width: Math.abs(span.b.x - span.a.x) + 2 * d, height: Math.abs(span.b.y - span.a.y) };
}

/** The wire nearest to a point, of all or `only` one, and how many of its reroute points come before that place. */
export function wireAt(
  document: Document,
  at: Point,
  catalogue: Catalogue,
  within: number,
  only?: number,
): { link: Link; after: number } | null {
  let best: { link: Link; after: number } | null = null;
  let least = within;
  for (const link of Object.values(document.links)) {
    const span = only === undefined || only === link.id ? spanOf(document, link, catalogue) : null;
    if (!span) continue;
    for (const [after, part] of partsOf(span).entries()) {
      const path = pointsOf(part);
      for (const [index, end] of path.slice(1).entries()) {
        const far = away(at, path[index] as Point, end);
        if (far < least) {
          least = far;
          best = { link, after };
        }
      }
    }
  }
  return best;
}

/** How far a point is from a straight line between two others. */
function away(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const t =
    length === 0 ? 0 : Math.max(0, Math.min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length));
  return Math.hypot(point.x - a.x - t * dx, point.y - a.y - t * dy);
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

/** Where two lines cross, each from one point to another; null where they do not. */
export function meeting(a: Point, b: Point, c: Point, d: Point): Point | null {
  const side = (p: Point, q: Point, r: Point) => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  const [before, behind] = [side(a, b, c), side(a, b, d)];
  if (before * behind > 0 || side(c, d, a) * side(c, d, b) > 0) return null;
  const part = before === behind ? 0 : before / (before - behind);
  return { x: c.x + (d.x - c.x) * part, y: c.y + (d.y - c.y) * part };
}

/** The node at a point; of several the one that was added last. */
export function nodeAt(document: Document, point: Point, catalogue: Catalogue): string | null {
  let found: string | null = null;
  for (const node of Object.values(document.nodes)) {
    if (inside(boxOf(node, catalogue[node.type]), point)) found = node.id;
  }
  return found;
}

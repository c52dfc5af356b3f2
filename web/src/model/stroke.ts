import type { Box } from "./box";
import type { Document, Link } from "./document";
import type { Edit, Point } from "./edit";
import { boundsOfSpan, boxBetween, meeting, overlap, partsOf, pointsOf, type Span, spanOf } from "./geometry";
import { addPoint, lead } from "./route";
import type { Catalogue } from "./spec";

/** Where a stroke crosses a wire, and how many of the wire's reroute points come before that place. */
export interface Crossing {
  readonly link: Link;
  readonly span: Span;
  readonly at: Point;
  readonly after: number;
}

interface Line {
  readonly link: Link;
  readonly span: Span;
  readonly box: Box;
}

/** A stroke across wires. It knows what it crossed so far, and looks at no more than its last piece when it grows. */
export class Stroke {
  private readonly lines: readonly Line[];
  private last: Point;
  /** The wires that it crossed, each where it did so first. */
  readonly crossed = new Map<number, Crossing>();

  constructor(document: Document, catalogue: Catalogue, start: Point) {
    this.last = start;
    this.lines = Object.values(document.links).flatMap((link) => {
      const span = spanOf(document, link, catalogue);
      return span ? [{ link, span, box: boundsOfSpan(span) }] : [];
    });
  }

  /** Draw it on to a point. */
  to(point: Point): void {
    const box = boxBetween(this.last, point);
    for (const line of this.lines) {
      if (this.crossed.has(line.link.id) || !overlap(line.box, box)) continue;
      const found = cross(line, this.last, point);
      if (found) this.crossed.set(line.link.id, found);
    }
    this.last = point;
  }
}

function cross({ link, span }: Line, from: Point, to: Point): Crossing | null {
  for (const [after, part] of partsOf(span).entries()) {
    const path = pointsOf(part);
    for (const [index, end] of path.slice(1).entries()) {
      const at = meeting(from, to, path[index] as Point, end);
      if (at) return { link, span, at, after };
    }
  }
  return null;
}

/** Lead each wire over a new point where it was crossed; straight wires of one output share theirs. */
export const addPoints =
  (crossings: Iterable<Crossing>): Edit =>
  (document) => {
    const shared = new Map<string, Crossing[]>();
    for (const one of crossings) {
      const straight = document.links[one.link.id]?.via === undefined;
      const key = straight ? `${one.link.from} ${one.link.slot}` : `wire ${one.link.id}`;
      shared.set(key, [...(shared.get(key) ?? []), one]);
    }
    return [...shared.values()].reduce((made, group) => {
      const [first, ...others] = group as [Crossing, ...Crossing[]];
      const added = addPoint(made, first.link.id, middleOf(group), first.after);
      const via = Math.max(...Object.keys(added.points).map(Number));
      return others.reduce((led, { link }) => lead(led, link.id, via), added);
    }, document);
  };

const middleOf = (group: readonly Crossing[]): Point => ({
  x: group.reduce((sum, one) => sum + one.at.x, 0) / group.length,
  y: group.reduce((sum, one) => sum + one.at.y, 0) / group.length,
});

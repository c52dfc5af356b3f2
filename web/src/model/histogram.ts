import { type Document, type Link, linksFrom, linksTo } from "./document";

/** How many levels a histogram tells apart. */
export const BINS = 64;

/** The wire that brings the picture that a node's curve changes: into the node, into what counts its levels, or into the node that takes the curve. */
export function pictureWire(document: Document, node: string): Link | null {
  const own = linksTo(document, node);
  const near = [
    node,
    ...own.filter((link) => link.type === "HISTOGRAM").map((link) => link.from),
    ...linksFrom(document, node).map((link) => link.to),
  ];
  for (const id of near) {
    const found = linksTo(document, id).find((link) => link.type === "IMAGE");
    if (found) return found;
  }
  return null;
}

/** How often each brightness is in a picture, the most frequent being 1. Gaps between are not seen as such. */
export function levels({ data }: Pick<ImageData, "data">): number[] {
  const counts = new Array<number>(BINS).fill(0);
  for (let at = 0; at < data.length; at += 4) {
    const light = 0.2126 * (data[at] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0);
    const bin = Math.min(BINS - 1, Math.floor((light / 256) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  // The root lets what is rare be seen beside a plain background.
  return most === 0 ? counts : counts.map((one) => Math.sqrt(one / most));
}

/** A histogram as the outline of its columns, in a square of so many units. */
export function outlineOf(heights: readonly number[], side: number): string {
  const step = side / heights.length;
  const columns = heights.map(
    (one, at) => `V${(side * (1 - one)).toFixed(2)}H${((at + 1) * step).toFixed(2)}`,
  );
  return `M0 ${side}${columns.join("")}V${side}Z`;
}

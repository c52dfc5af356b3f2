import { boxOf } from "./box";
import { type Document, linksFrom, linksTo } from "./document";
import { HEADER } from "./shape";
import type { Catalogue } from "./spec";

export type Way = "left" | "right" | "up" | "down";

/**
 * The node that an arrow key leads to: left and right go along wires, up and down to the next node in that direction;
 * where no wire leads on, left and right do as well.
 */
export function walk(document: Document, from: string, way: Way, catalogue: Catalogue): string | null {
  const along =
    way === "left"
      ? linksTo(document, from).map((link) => link.from)
      : way === "right"
        ? linksFrom(document, from).map((link) => link.to)
        : [];
  const next = along.find((id) => document.nodes[id]);
  if (next) return nearest(document, from, along, catalogue) ?? next;
  return beside(document, from, way, catalogue);
}

const centre = (document: Document, id: string, catalogue: Catalogue) => {
  const node = document.nodes[id];
  if (!node) return { x: 0, y: 0 };
  const box = boxOf(node, catalogue[node.type]);
  return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, HEADER * 2) };
};

function nearest(
  document: Document,
  from: string,
  ids: readonly string[],
  catalogue: Catalogue,
): string | null {
  const here = centre(document, from, catalogue);
  const far = (id: string) => {
    const there = centre(document, id, catalogue);
    return Math.hypot(there.x - here.x, there.y - here.y);
  };
  return [...ids].sort((one, other) => far(one) - far(other))[0] ?? null;
}

function beside(document: Document, from: string, way: Way, catalogue: Catalogue): string | null {
  const here = centre(document, from, catalogue);
  const [ahead, aside] = way === "up" || way === "down" ? (["y", "x"] as const) : (["x", "y"] as const);
  const sign = way === "left" || way === "up" ? -1 : 1;
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const id of Object.keys(document.nodes)) {
    const there = centre(document, id, catalogue);
    const forward = (there[ahead] - here[ahead]) * sign;
    const cost = forward + 2 * Math.abs(there[aside] - here[aside]);
    if (id !== from && forward > 1 && cost < least) {
      least = cost;
      best = id;
    }
  }
  return best;
}

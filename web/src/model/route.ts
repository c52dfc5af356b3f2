import type { Document, Drawing, Link, RoutePoint } from "./document";

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The points that a wire passes, from its beginning to its end. */
export function wayOf(drawing: Pick<Drawing, "points">, link: Link): RoutePoint[] {
  const way: RoutePoint[] = [];
  let point = link.via === undefined ? undefined : drawing.points[link.via];
  while (point && !way.includes(point)) {
    way.unshift(point);
    point = point.parent === null ? undefined : drawing.points[point.parent];
  }
  return way;
}

/** The wires that pass each point. */
export function passing(drawing: Pick<Drawing, "points" | "links">): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const link of Object.values(drawing.links))
    for (const { id } of wayOf(drawing, link)) found.set(id, [...(found.get(id) ?? []), link.id]);
  return found;
}

/** Lead a wire over a new point; `after` says how many of its points come before it. */
export function addPoint(document: Document, id: number, at: Place, after: number): Document {
  const link = document.links[id];
  if (!link) return document;
  const way = wayOf(document, link);
  const number = Math.max(0, ...Object.keys(document.points).map(Number)) + 1;
  const made: RoutePoint = {
    id: number,
    x: Math.round(at.x),
    y: Math.round(at.y),
    parent: way[after - 1]?.id ?? null,
    told: [id],
    rest: {},
  };
  const next = way[after];
  const points = { ...document.points, [number]: made };
  if (!next) return { ...document, points, links: { ...document.links, [id]: { ...link, via: number } } };
  // The point that came next is that of other wires as well: they are led over the new one too.
  return { ...document, points: { ...points, [next.id]: { ...next, parent: number } } };
}

/** Let a wire that has no points pass one of another, and those before it. */
export function lead(document: Document, id: number, via: number): Document {
  const link = document.links[id];
  if (!link || !document.points[via] || link.via !== undefined) return document;
  return { ...document, links: { ...document.links, [id]: { ...link, via } } };
}

export function movePoint(document: Document, id: number, to: Place): Document {
  const point = document.points[id];
  if (!point || (point.x === to.x && point.y === to.y)) return document;
  return { ...document, points: { ...document.points, [id]: { ...point, x: to.x, y: to.y } } };
}

export function movePointBy(document: Document, id: number, x: number, y: number): Document {
  const point = document.points[id];
  return point ? movePoint(document, id, { x: point.x + x, y: point.y + y }) : document;
}

/** Take a point away; the wires that passed it go on to where they led. */
export function removePoint(document: Document, id: number): Document {
  const { [id]: gone, ...left } = document.points;
  if (!gone) return document;
  const points = Object.fromEntries(
    Object.values(left).map((one) => [one.id, one.parent === id ? { ...one, parent: gone.parent } : one]),
  );
  const links = Object.fromEntries(
    Object.values(document.links).map((link) => [link.id, link.via === id ? led(link, gone.parent) : link]),
  );
  return { ...document, points, links };
}

/** Let wires between these nodes lead straight, without points. */
export function straighten(document: Document, ids: Iterable<string>): Document {
  const among = new Set(ids);
  const bent = Object.values(document.links).filter(
    (link) => link.via !== undefined && among.has(link.from) && among.has(link.to),
  );
  if (bent.length === 0) return document;
  const straight = Object.fromEntries(bent.map((link) => [link.id, led(link, null)]));
  return { ...document, links: { ...document.links, ...straight } };
}

function led({ via: _, ...link }: Link, to: number | null): Link {
  return to === null ? link : { ...link, via: to };
}

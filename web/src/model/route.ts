import type { Drawing, Link, RoutePoint } from "./document";

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

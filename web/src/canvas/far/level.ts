const ENTER = 0.38;
const LEAVE = 0.42;
const NEAR = 1.5;
const DWINDLED = 0.85;
const FEW = 24;

/**
 * Whether nodes are drawn as boxes, in the midst of a movement: when they are far. Nodes that came into view one after
 * another would make a movement stutter; so many of them are boxes as soon as one draws back from them, and those that
 * were boxes stay it until the hand rests.
 *
 * `from` is the zoom at which the movement began, `seen` tells how many nodes are in view.
 */
export function farWhileMoving(far: boolean, zoom: number, from: number, seen: () => number): boolean {
  if (far) return zoom <= NEAR;
  return zoom < ENTER || (zoom < from * DWINDLED && seen() > FEW);
}

/** The same when the hand rests; between the two it stays as it is. */
export const farAtRest = (far: boolean, zoom: number): boolean => (far ? zoom <= LEAVE : zoom < ENTER);

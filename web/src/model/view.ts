import type { Box } from "./box";
import { overlap } from "./geometry";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How the graph is looked at: screen = graph * zoom + (x, y). */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Zooms {
  readonly least: number;
  readonly most: number;
}

const EDGE = 0.12;
const COMMON: Size = { width: 1440, height: 900 };
const NEAR_ENOUGH = 1.5;

/** How near a whole graph is shown at most: a small one is not lost in a window that is larger than most. */
export const largest = ({ width, height }: Size): number =>
  Math.max(1, Math.min(NEAR_ENOUGH, width / COMMON.width, height / COMMON.height));

/** A box of the graph as it lies on the screen. */
export const seenAs = (box: Box, { x, y, zoom }: View): Box => ({
  x: box.x * zoom + x,
  y: box.y * zoom + y,
  width: box.width * zoom,
  height: box.height * zoom,
});

/**
 * The view that shows a box in the middle, as near as it fits. Where some of what is in it would lie beneath what
 * covers the lower right corner, it is shown above or left of that.
 */
export function viewOf(size: Size, box: Box, zooms: Zooms, corner: Box | null, things: readonly Box[]): View {
  const whole = fitted(size, box, zooms);
  if (!corner || !things.some((one) => overlap(seenAs(one, whole), corner))) return whole;
  const above = fitted({ width: size.width, height: corner.y }, box, zooms);
  const left = fitted({ width: corner.x, height: size.height }, box, zooms);
  return left.zoom > above.zoom ? left : above;
}

function fitted({ width, height }: Size, box: Box, { least, most }: Zooms): View {
  const near = Math.min((width * (1 - EDGE)) / box.width, (height * (1 - EDGE)) / box.height);
  const zoom = Math.max(least, Math.min(most, near));
  return {
    x: width / 2 - (box.x + box.width / 2) * zoom,
    y: height / 2 - (box.y + box.height / 2) * zoom,
    zoom,
  };
}

/** Whether a box of the graph is wholly in view, and nothing of it beneath the covered corner. */
export function isSeen(size: Size, box: Box, view: View, corner: Box | null): boolean {
  const seen = seenAs(box, view);
  return (
    seen.x >= 0 &&
    seen.y >= 0 &&
    seen.x + seen.width <= size.width &&
    seen.y + seen.height <= size.height &&
    !(corner && overlap(seen, corner))
  );
}

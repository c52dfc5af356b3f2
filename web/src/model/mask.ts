import type { Point } from "./edit";

/** A mask: for each pixel of a picture how much of it is marked, 0 to 255. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** The pixels that a stroke touched. */
export interface Touched {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Brush {
  readonly radius: number;
  /** 1 for an edge of one pixel, 0 for one that fades from the middle. */
  readonly hardness: number;
  readonly erase: boolean;
}

export const emptyMask = (width: number, height: number): Mask => ({
  width,
  height,
  data: new Uint8ClampedArray(width * height),
});

/** The mask that a picture's alpha channel carries: what is see-through is marked. */
export function maskOf(pixels: Pick<ImageData, "width" | "height" | "data">): Mask {
  const mask = emptyMask(pixels.width, pixels.height);
  for (let at = 0; at < mask.data.length; at++) mask.data[at] = 255 - (pixels.data[at * 4 + 3] ?? 255);
  return mask;
}

/** Draw a line with a round brush; where strokes overlap, the stronger counts. */
export function stroke(mask: Mask, from: Point, to: Point, brush: Brush): Touched {
  const reach = brush.radius + 1;
  const x0 = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
  const y0 = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
  const x1 = Math.min(mask.width, Math.ceil(Math.max(from.x, to.x) + reach));
  const y1 = Math.min(mask.height, Math.ceil(Math.max(from.y, to.y) + reach));
  const fade = Math.max(1, brush.radius * (1 - brush.hardness));
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const far = distance(x + 0.5, y + 0.5, from, to);
      const cover = Math.min(1, Math.max(0, (brush.radius + 0.5 - far) / fade)) * 255;
      const at = y * mask.width + x;
      const before = mask.data[at] ?? 0;
      mask.data[at] = brush.erase ? Math.min(before, 255 - cover) : Math.max(before, cover);
    }
  }
  return { x: x0, y: y0, width: Math.max(0, x1 - x0), height: Math.max(0, y1 - y0) };
}

/** How far a point is from a line between two others. */
function distance(x: number, y: number, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const part = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length;
  const t = Math.min(1, Math.max(0, part));
  return Math.hypot(x - from.x - t * dx, y - from.y - t * dy);
}

/** Mark the area around a point as far as its edges, or clear it where it is marked. */
export function fill(mask: Mask, at: Point): void {
  const { width, height, data } = mask;
  const start = Math.floor(at.y) * width + Math.floor(at.x);
  if (at.x < 0 || at.y < 0 || at.x >= width || at.y >= height) return;
  const marked = (data[start] ?? 0) >= 128;
  const inside = (index: number) => (data[index] ?? 0) >= 128 === marked;
  const seen = new Uint8Array(width * height);
  const stack = [start];
  seen[start] = 1;
  const visit = (index: number) => {
    if (seen[index] || !inside(index)) return;
    seen[index] = 1;
    stack.push(index);
  };
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    const x = index % width;
    if (x > 0) visit(index - 1);
    if (x < width - 1) visit(index + 1);
    if (index >= width) visit(index - width);
    if (index < width * (height - 1)) visit(index + width);
  }
  for (let index = 0; index < seen.length; index++) if (seen[index]) data[index] = marked ? 0 : 255;
}

export function invert(mask: Mask): void {
  for (let at = 0; at < mask.data.length; at++) mask.data[at] = 255 - (mask.data[at] ?? 0);
}

/** Soften the edges over so many pixels: three passes of a mean come close to a bell curve. */
export function feather(mask: Mask, radius: number): void {
  const reach = Math.max(1, Math.round(radius / 2));
  for (let pass = 0; pass < 3; pass++) {
    for (let y = 0; y < mask.height; y++) mean(mask.data, y * mask.width, 1, mask.width, reach);
    for (let x = 0; x < mask.width; x++) mean(mask.data, x, mask.width, mask.height, reach);
  }
}

/** The running mean of a row or column; beyond an edge its last value goes on. */
function mean(data: Uint8ClampedArray, start: number, step: number, count: number, reach: number): void {
  const line = new Float32Array(count);
  for (let at = 0; at < count; at++) line[at] = data[start + at * step] ?? 0;
  const value = (at: number) => line[Math.min(count - 1, Math.max(0, at))] ?? 0;
  let sum = 0;
  for (let at = -reach; at <= reach; at++) sum += value(at);
  for (let at = 0; at < count; at++) {
    data[start + at * step] = sum / (2 * reach + 1);
    sum += value(at + reach + 1) - value(at - reach);
  }
}

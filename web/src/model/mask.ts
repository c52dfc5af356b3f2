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

/** A part of a picture, in its pixels. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Sized = Pick<Mask, "width" | "height">;
const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** The middle of a picture, half as wide and high. */
export const middleOf = ({ width, height }: Sized): Region => ({
  x: Math.round(width / 4),
  y: Math.round(height / 4),
  width: Math.max(1, Math.round(width / 2)),
  height: Math.max(1, Math.round(height / 2)),
});

/** Move a region; it stays within the picture. */
export const moveRegion = (region: Region, x: number, y: number, { width, height }: Sized): Region => ({
  ...region,
  x: within(region.x + x, 0, width - region.width),
  y: within(region.y + y, 0, height - region.height),
});

/** Move the right and lower edges of a region. */
export const sizeRegion = (region: Region, x: number, y: number, { width, height }: Sized): Region => ({
  ...region,
  width: within(region.width + x, 1, width - region.x),
  height: within(region.height + y, 1, height - region.y),
});

/** The region between two corners, as far as the picture goes. */
export function regionBetween(one: Point, other: Point, { width, height }: Sized): Region {
  const [x0, x1] = [one.x, other.x].sort((a, b) => a - b).map((x) => within(x, 0, width)) as [number, number];
  const [y0, y1] = [one.y, other.y].sort((a, b) => a - b).map((y) => within(y, 0, height)) as [
    number,
    number,
  ];
  const [x, y] = [Math.floor(x0), Math.floor(y0)];
  return { x, y, width: Math.ceil(x1) - x, height: Math.ceil(y1) - y };
}

/** Mark a region, or clear it. */
export function fillRegion(mask: Mask, { x, y, width, height }: Region, marked: boolean): void {
  for (let row = y; row < y + height; row++)
    mask.data.fill(marked ? 255 : 0, row * mask.width + x, row * mask.width + x + width);
}

/** Let what is marked reach so many pixels further, or with less than none, less far. */
export function grow(mask: Mask, by: number): void {
  const choose = by > 0 ? Math.max : Math.min;
  const reach = Math.abs(Math.round(by));
  for (let y = 0; y < mask.height; y++) extreme(mask.data, y * mask.width, 1, mask.width, reach, choose);
  for (let x = 0; x < mask.width; x++) extreme(mask.data, x, mask.width, mask.height, reach, choose);
}

/** The most, or the least, around each value of a row or column. Steps of doubling width take few passes. */
function extreme(
  data: Mask["data"],
  start: number,
  step: number,
  count: number,
  reach: number,
  choose: (one: number, other: number) => number,
): void {
  const line = new Uint8ClampedArray(count);
  for (let at = 0; at < count; at++) line[at] = data[start + at * step] ?? 0;
  for (let left = reach, by = 1; left > 0; left -= by, by = Math.min(by * 2, left)) {
    const before = line.slice();
    for (let at = 0; at < count; at++) {
      const [low, high] = [before[Math.max(0, at - by)] ?? 0, before[Math.min(count - 1, at + by)] ?? 0];
      line[at] = choose(before[at] ?? 0, choose(low, high));
    }
  }
  for (let at = 0; at < count; at++) data[start + at * step] = line[at] ?? 0;
}

/** Which part of the picture is marked, 0 to 1. */
export function markedPart({ data }: Mask): number {
  let sum = 0;
  for (const one of data) sum += one;
  return data.length === 0 ? 0 : sum / 255 / data.length;
}

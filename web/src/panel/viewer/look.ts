/** How a picture is looked at: how large, and where its middle is, seen from the middle of its place. */
export interface Look {
  /** Screen pixels for each pixel of the picture; null fits it into its place. */
  readonly scale: number | null;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

export const FITTED: Look = { scale: null, x: 0, y: 0 };
export const PIXELS: Look = { scale: 1, x: 0, y: 0 };

const LEAST = 0.05;
const MOST = 64;
const MARGIN = 32;

/** The scale at which a picture just fits; small ones are made larger by whole pixels. */
export function fitted(place: Size, picture: Size): number {
  if (picture.width === 0 || place.width === 0) return 1;
  const scale = Math.min((place.width - MARGIN) / picture.width, (place.height - MARGIN) / picture.height);
  return scale > 1 ? Math.max(1, Math.floor(scale)) : Math.max(scale, 0.001);
}

/** Make a picture so many times larger; what lies at a point, seen from the middle, stays there. */
export function zoomed(look: Look, fit: number, by: number, at: Place = { x: 0, y: 0 }): Look {
  const before = look.scale ?? fit;
  const scale = Math.min(MOST, Math.max(LEAST, before * by));
  const change = scale / before;
  return { scale, x: at.x - (at.x - look.x) * change, y: at.y - (at.y - look.y) * change };
}

export const moved = (look: Look, fit: number, x: number, y: number): Look => ({
  scale: look.scale ?? fit,
  x: look.x + x,
  y: look.y + y,
});

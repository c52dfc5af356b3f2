/** How far two pictures are apart. */
export interface Apart {
  /** The part of the pixels that differ, 0 to 1. */
  readonly part: number;
  /** By how much a colour of a pixel differs at most, of 255. */
  readonly most: number;
}

type Pixels = Pick<ImageData, "data">;

/** Compare two pictures of one size, pixel by pixel. */
export function apart({ data: one }: Pixels, { data: other }: Pixels): Apart {
  let most = 0;
  let count = 0;
  for (let at = 0; at < one.length; at += 4) {
    let far = 0;
    for (let channel = 0; channel < 4; channel++) {
      const by = Math.abs((one[at + channel] ?? 0) - (other[at + channel] ?? 0));
      if (by > far) far = by;
    }
    if (far > 0) count += 1;
    if (far > most) most = far;
  }
  return { part: one.length === 0 ? 0 : (count * 4) / one.length, most };
}

/** Compare two pictures as they are shown: the second as large as the first. */
export function measure(one: HTMLImageElement, other: HTMLImageElement): Apart | null {
  const [width, height] = [one.naturalWidth, one.naturalHeight];
  if (width === 0 || other.naturalWidth === 0) return null;
  const read = (image: HTMLImageElement): ImageData | undefined => {
    const pen = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    pen?.drawImage(image, 0, 0, width, height);
    return pen?.getImageData(0, 0, width, height);
  };
  const [a, b] = [read(one), read(other)];
  return a && b ? apart(a, b) : null;
}

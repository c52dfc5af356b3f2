export interface Pixel {
  readonly x: number;
  readonly y: number;
  readonly values: readonly number[];
}

type Source = HTMLImageElement | HTMLVideoElement;

let pen: CanvasRenderingContext2D | null = null;

/** The values of the pixel that lies under a place of the screen, or null beside the picture. */
export function pixelAt(source: Source, place: { clientX: number; clientY: number }): Pixel | null {
  const box = source.getBoundingClientRect();
  const width = source instanceof HTMLVideoElement ? source.videoWidth : source.naturalWidth;
  const height = source instanceof HTMLVideoElement ? source.videoHeight : source.naturalHeight;
  const x = Math.floor(((place.clientX - box.left) / box.width) * width);
  const y = Math.floor(((place.clientY - box.top) / box.height) * height);
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  pen ??= new OffscreenCanvas(1, 1).getContext("2d", {
    willReadFrequently: true,
  }) as unknown as CanvasRenderingContext2D;
  pen.clearRect(0, 0, 1, 1);
  pen.drawImage(source, x, y, 1, 1, 0, 0, 1, 1);
  return { x, y, values: [...pen.getImageData(0, 0, 1, 1).data] };
}

import type { Point } from "../../model/edit";
import { type Brush, emptyMask, type Mask, maskOf, stroke, type Touched } from "../../model/mask";

const MEMORY = 128 * 2 ** 20;

/** A mask that is being painted: its picture on a canvas, and what was done, to take it back. */
export class Session {
  private mask: Mask = emptyMask(1, 1);
  private readonly done: Mask["data"][] = [];
  private readonly undone: Mask["data"][] = [];

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly changed: () => void,
  ) {}

  /** Begin with the mask that the picture has. */
  begin(image: HTMLImageElement): void {
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    const pen = new OffscreenCanvas(width, height).getContext("2d");
    if (!pen) return;
    pen.drawImage(image, 0, 0);
    this.mask = maskOf(pen.getImageData(0, 0, width, height));
    this.canvas.width = width;
    this.canvas.height = height;
    this.show();
  }

  get current(): Mask {
    return this.mask;
  }

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Keep how it is, to come back to it; older states go when they take too much memory. */
  keep(): void {
    this.done.push(this.mask.data.slice());
    this.undone.length = 0;
    while (this.done.length > 1 && this.done.length * this.mask.data.length > MEMORY) this.done.shift();
    this.changed();
  }

  act(change: (mask: Mask) => void): void {
    this.keep();
    change(this.mask);
    this.show();
  }

  /** A part of a stroke; `keep` comes before its first. */
  line(from: Point, to: Point, brush: Brush): void {
    this.show(stroke(this.mask, from, to, brush));
  }

  /** Take back the last as if it had never been. */
  drop(): void {
    this.undo();
    this.undone.pop();
    this.changed();
  }

  undo(): void {
    this.swap(this.done, this.undone);
  }

  redo(): void {
    this.swap(this.undone, this.done);
  }

  private swap(from: Mask["data"][], to: Mask["data"][]): void {
    const data = from.pop();
    if (!data) return;
    to.push(this.mask.data.slice());
    this.mask.data.set(data);
    this.show();
    this.changed();
  }

  private show(part?: Touched): void {
    const { x, y, width, height } = part ?? {
      x: 0,
      y: 0,
      width: this.mask.width,
      height: this.mask.height,
    };
    if (width === 0 || height === 0) return;
    const pixels = new ImageData(width, height);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const at = (row * width + column) * 4;
        pixels.data[at] = 255;
        pixels.data[at + 1] = 60;
        pixels.data[at + 2] = 40;
        pixels.data[at + 3] = (this.mask.data[(y + row) * this.mask.width + x + column] ?? 0) * 0.65;
      }
    }
    this.canvas.getContext("2d")?.putImageData(pixels, x, y);
  }
}

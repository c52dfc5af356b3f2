import type { Point } from "../model/edit";

const MEMORY = 256 * 2 ** 20;

export interface Brush {
  readonly size: number;
  readonly colour: string;
  readonly opacity: number;
  readonly erase: boolean;
}

/** A canvas that is painted on: what is wet lies over what is dry until its stroke ends, so that it covers evenly. */
export class Easel {
  private readonly done: ImageData[] = [];
  private readonly undone: ImageData[] = [];

  constructor(
    readonly dry: HTMLCanvasElement,
    readonly wet: HTMLCanvasElement,
    private readonly changed: () => void,
  ) {}

  begin(width: number, height: number, painted: CanvasImageSource | null): void {
    for (const canvas of [this.dry, this.wet]) {
      canvas.width = width;
      canvas.height = height;
    }
    if (painted) this.pen(this.dry).drawImage(painted, 0, 0, width, height);
    this.changed();
  }

  get canUndo(): boolean {
    return this.done.length > 0;
  }
  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** A part of a stroke; `keep` comes before its first and `end` after its last. */
  line(from: Point, to: Point, brush: Brush): void {
    const pen = this.pen(brush.erase ? this.dry : this.wet);
    pen.globalCompositeOperation = brush.erase ? "destination-out" : "source-over";
    pen.lineCap = "round";
    pen.lineWidth = brush.size;
    pen.strokeStyle = brush.erase ? "#000" : brush.colour;
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    this.wet.style.opacity = String(brush.opacity);
  }

  /** Let the stroke dry. */
  end(brush: Brush): void {
    if (brush.erase) this.pen(this.dry).globalCompositeOperation = "source-over";
    else {
      const pen = this.pen(this.dry);
      pen.globalAlpha = brush.opacity;
      pen.drawImage(this.wet, 0, 0);
      pen.globalAlpha = 1;
      this.pen(this.wet).clearRect(0, 0, this.wet.width, this.wet.height);
    }
    this.changed();
  }

  /** Keep how it is, to come back to it; older states go when they take too much memory. */
  keep(): void {
    this.done.push(this.pixels());
    this.undone.length = 0;
    const size = this.dry.width * this.dry.height * 4;
    while (this.done.length > 1 && this.done.length * size > MEMORY) this.done.shift();
  }

  /** Take back the stroke that is being made as if it had never been. */
  drop(): void {
    this.pen(this.wet).clearRect(0, 0, this.wet.width, this.wet.height);
    this.pen(this.dry).globalCompositeOperation = "source-over";
    this.undo();
    this.undone.pop();
    this.changed();
  }

  wipe(): void {
    this.keep();
    this.pen(this.dry).clearRect(0, 0, this.dry.width, this.dry.height);
    this.changed();
  }

  undo = (): void => this.swap(this.done, this.undone);
  redo = (): void => this.swap(this.undone, this.done);

  picture(): Promise<Blob> {
    return new Promise((give, refuse) =>
      this.dry.toBlob((blob) => (blob ? give(blob) : refuse(new Error("no picture"))), "image/png"),
    );
  }

  private swap(from: ImageData[], to: ImageData[]): void {
    const before = from.pop();
    if (!before) return;
    to.push(this.pixels());
    this.pen(this.dry).putImageData(before, 0, 0);
    this.changed();
  }

  private pixels = (): ImageData => this.pen(this.dry).getImageData(0, 0, this.dry.width, this.dry.height);

  private pen(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
    const pen = canvas.getContext("2d", { willReadFrequently: canvas === this.dry });
    if (!pen) throw new Error("no canvas");
    return pen;
  }
}

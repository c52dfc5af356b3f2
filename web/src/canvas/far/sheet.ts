import type { Box } from "../../model/box";

/** How the canvas is looked at: screen = world * zoom + (x, y). */
export interface Look {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** How much is drawn around what is in view, and how finely: pixels of the drawing for one of the screen. */
interface Grade {
  readonly margin: number;
  readonly fine: number;
}

const SHARP: Grade = { margin: 0.3, fine: 1 };
/** In the midst of a movement: far around where one draws back, nothing around where one draws near. */
const BACK: Grade = { margin: 0.75, fine: 0.6 };
const NEARER: Grade = { margin: 0, fine: 1 };
const LARGEST = 6000;
const COARSEST = 2;
const SMALLEST = 0.36;
const REST = 220;

/**
 * A drawing that is larger than what is seen of it. Moving and zooming only shift and scale what is drawn; it is drawn
 * anew when something comes into view that was not, then as coarsely as a movement allows, and sharply when the hand
 * rests.
 */
export class Sheet {
  private look: Look | null = null;
  private drawn: Box = { x: 0, y: 0, width: 0, height: 0 };
  private margin = { x: 0, y: 0 };
  private fine = 1;
  private last = 0;
  private rest = 0;

  constructor(
    private readonly element: HTMLCanvasElement,
    private readonly draw: (pen: CanvasRenderingContext2D, view: Box, zoom: number) => void,
    private readonly bounds: () => Box | null,
  ) {}

  /** Draw everything anew. */
  redraw(look: Look, width: number, height: number, grade = SHARP): void {
    clearTimeout(this.rest);
    const ratio = Math.min(devicePixelRatio, 2) * grade.fine;
    this.margin = { x: Math.round(width * grade.margin), y: Math.round(height * grade.margin) };
    this.fine = grade.fine;
    const w = Math.min(LARGEST, Math.round((width + 2 * this.margin.x) * ratio));
    const h = Math.min(LARGEST, Math.round((height + 2 * this.margin.y) * ratio));
    const { element } = this;
    if (element.width !== w || element.height !== h) {
      element.width = w;
      element.height = h;
      element.style.width = `${w / ratio}px`;
      element.style.height = `${h / ratio}px`;
    }
    const pen = element.getContext("2d");
    if (!pen) return;
    this.look = look;
    this.drawn = {
      x: (-this.margin.x - look.x) / look.zoom,
      y: (-this.margin.y - look.y) / look.zoom,
      width: w / ratio / look.zoom,
      height: h / ratio / look.zoom,
    };
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, w, h);
    const scale = look.zoom * ratio;
    pen.setTransform(scale, 0, 0, scale, (look.x + this.margin.x) * ratio, (look.y + this.margin.y) * ratio);
    this.draw(pen, this.drawn, look.zoom);
    this.shift(look);
  }

  /** Follow a movement. */
  follow(look: Look, width: number, height: number): void {
    if (!this.look) this.redraw(look, width, height);
    else if (this.covers(look, width, height)) this.shift(look);
    else if (look.zoom === this.last) this.redraw(look, width, height);
    else this.redraw(look, width, height, look.zoom < this.last ? BACK : NEARER);
    this.last = look.zoom;
    clearTimeout(this.rest);
    if (look.zoom !== this.look?.zoom || this.fine < 1)
      this.rest = window.setTimeout(() => this.redraw(look, width, height), REST);
  }

  /** Forget what was drawn: it is to be drawn anew when it is next asked for. */
  stop(): void {
    clearTimeout(this.rest);
  }

  private shift(look: Look): void {
    const was = this.look as Look;
    const s = look.zoom / was.zoom;
    const x = look.x - s * (this.margin.x + was.x);
    const y = look.y - s * (this.margin.y + was.y);
    this.element.style.transform = `translate(${x}px, ${y}px) scale(${s})`;
  }

  /** Whether all that is in view now was drawn, and not too coarsely. */
  private covers(look: Look, width: number, height: number): boolean {
    const was = this.look as Look;
    const scale = look.zoom / was.zoom;
    if (scale > COARSEST * this.fine || scale < SMALLEST) return false;
    const all = this.bounds();
    if (!all) return true;
    const left = Math.max(all.x, -look.x / look.zoom);
    const top = Math.max(all.y, -look.y / look.zoom);
    const right = Math.min(all.x + all.width, (width - look.x) / look.zoom);
    const bottom = Math.min(all.y + all.height, (height - look.y) / look.zoom);
    if (left >= right || top >= bottom) return true;
    const { drawn } = this;
    return (
      left >= drawn.x && top >= drawn.y && right <= drawn.x + drawn.width && bottom <= drawn.y + drawn.height
    );
  }
}

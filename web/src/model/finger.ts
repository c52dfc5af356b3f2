import type { Point } from "./edit";

/** What fingers did: their middle went from one point to another, and they are so many times as far apart. */
export interface Grip {
  readonly from: Point;
  readonly to: Point;
  readonly by: number;
}

/** The pointers that are down at once: one moves what it holds, two size it as well. */
export class Fingers {
  private readonly held = new Map<number, Point>();

  get count(): number {
    return this.held.size;
  }

  press(id: number, { x, y }: Point): void {
    this.held.set(id, { x, y });
  }

  release(id: number): void {
    this.held.delete(id);
  }

  /** One of them moved; null for a pointer that is not down. */
  move(id: number, { x, y }: Point): Grip | null {
    if (!this.held.has(id)) return null;
    const before = [...this.held.values()];
    this.held.set(id, { x, y });
    const after = [...this.held.values()];
    return { from: middle(before), to: middle(after), by: spread(after) / spread(before) };
  }
}

const middle = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, one) => sum + one.x, 0) / points.length,
  y: points.reduce((sum, one) => sum + one.y, 0) / points.length,
});

const spread = ([one, other]: readonly Point[]): number =>
  one && other ? Math.max(1, Math.hypot(one.x - other.x, one.y - other.y)) : 1;

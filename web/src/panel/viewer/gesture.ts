import { type PointerEvent, useRef } from "react";
import { type Look, moved, zoomed } from "./look";

interface Point {
  readonly x: number;
  readonly y: number;
}

const middle = (points: readonly Point[]): Point => ({
  x: points.reduce((sum, one) => sum + one.x, 0) / points.length,
  y: points.reduce((sum, one) => sum + one.y, 0) / points.length,
});

const spread = ([one, other]: readonly Point[]): number =>
  one && other ? Math.max(1, Math.hypot(one.x - other.x, one.y - other.y)) : 1;

/** Moving a picture with one pointer, and sizing it with two fingers. */
export function useGesture(fit: number, setLook: (change: (look: Look) => Look) => void) {
  const held = useRef(new Map<number, Point>());
  const release = (event: PointerEvent) => void held.current.delete(event.pointerId);
  return {
    press(event: PointerEvent) {
      if (event.target instanceof HTMLVideoElement || event.button === 2) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      held.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    /** Tells whether a picture was moved. `from` is the middle of the place that the pointer is over. */
    move(event: PointerEvent, from: Point): boolean {
      if (!held.current.has(event.pointerId)) return false;
      const before = [...held.current.values()];
      held.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      const after = [...held.current.values()];
      const [was, now] = [middle(before), middle(after)];
      const by = spread(after) / spread(before);
      const at = { x: now.x - from.x, y: now.y - from.y };
      setLook((look) => {
        const there = moved(look, fit, now.x - was.x, now.y - was.y);
        return by === 1 ? there : zoomed(there, fit, by, at);
      });
      return true;
    },
    release,
  };
}

import { type PointerEvent, useRef } from "react";
import type { Point } from "../../model/edit";
import { Fingers } from "../../model/finger";
import { type Look, moved, zoomed } from "./look";

/** Moving a picture with one pointer, and sizing it with two fingers. */
export function useGesture(fit: number, setLook: (change: (look: Look) => Look) => void) {
  const fingers = useRef(new Fingers());
  return {
    press(event: PointerEvent) {
      if (event.target instanceof HTMLVideoElement || event.button === 2) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      fingers.current.press(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    /** Tells whether a picture was moved. `middle` is that of the place that the pointer is over. */
    move(event: PointerEvent, middle: Point): boolean {
      const grip = fingers.current.move(event.pointerId, { x: event.clientX, y: event.clientY });
      if (!grip) return false;
      const { from, to, by } = grip;
      setLook((look) => {
        const there = moved(look, fit, to.x - from.x, to.y - from.y);
        return by === 1 ? there : zoomed(there, fit, by, { x: to.x - middle.x, y: to.y - middle.y });
      });
      return true;
    },
    release: (event: PointerEvent) => fingers.current.release(event.pointerId),
  };
}

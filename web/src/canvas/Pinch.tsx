import { useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import type { Point } from "../model/edit";
import { Fingers } from "../model/finger";
import { settle } from "../store/pane";
import { FARTHEST, NEAREST } from "./camera";

/** Two fingers zoom and move the view, also where one of them is on a node: that stays where it stands. */
export function Pinch() {
  const store = useStoreApi();
  const flow = useReactFlow();
  useEffect(() => {
    const pane = store.getState().domNode;
    if (!pane) return;
    const fingers = new Fingers();
    let pinching = false;
    const placeOf = ({ clientX, clientY }: Touch): Point => {
      const box = pane.getBoundingClientRect();
      return { x: clientX - box.left, y: clientY - box.top };
    };
    const start = (event: TouchEvent) => {
      const touches = [...event.touches];
      if (touches.length > 1 && !pinching) for (const { target } of touches) giveUp(target);
      pinching ||= touches.length > 1;
      if (!pinching) return;
      hold(event);
      for (const touch of touches) fingers.press(touch.identifier, placeOf(touch));
    };
    const move = (event: TouchEvent) => {
      if (!pinching) return;
      hold(event);
      for (const touch of event.changedTouches) {
        const grip = fingers.move(touch.identifier, placeOf(touch));
        if (!grip) continue;
        const { x, y, zoom: before } = flow.getViewport();
        const zoom = Math.min(NEAREST, Math.max(FARTHEST, before * grip.by));
        const by = zoom / before;
        const { from, to } = grip;
        void flow.setViewport({ x: to.x - (from.x - x) * by, y: to.y - (from.y - y) * by, zoom });
      }
    };
    const end = (event: TouchEvent) => {
      for (const touch of event.changedTouches) fingers.release(touch.identifier);
      if (!pinching || event.touches.length > 0) return;
      pinching = false;
      settle();
    };
    const early = { capture: true, passive: false };
    pane.addEventListener("touchstart", start, early);
    pane.addEventListener("touchmove", move, early);
    pane.addEventListener("touchend", end, early);
    pane.addEventListener("touchcancel", end, early);
    return () => {
      pane.removeEventListener("touchstart", start, early);
      pane.removeEventListener("touchmove", move, early);
      pane.removeEventListener("touchend", end, early);
      pane.removeEventListener("touchcancel", end, early);
    };
  }, [store, flow]);
  return null;
}

/** What one finger began in a field was no drag: the field puts it back. */
const giveUp = (target: EventTarget): boolean =>
  target.dispatchEvent(new PointerEvent("pointercancel", { bubbles: true }));

/** Neither the canvas nor a node takes it for a drag. */
function hold(event: TouchEvent): void {
  event.stopPropagation();
  if (event.cancelable) event.preventDefault();
}

import type { PointerEvent as ReactPointerEvent } from "react";
import type { RoutePoint } from "../model/document";
import { movePoint, removePoint } from "../model/route";
import { apply, current } from "../store/document";
import { select, useSelection } from "../store/selection";
import { words } from "../text/subgraph";
import { placeOf } from "./camera";

let gestures = 0;

/** The name of a new gesture: all that it changes is one step to undo. */
export function freshGesture(): string {
  gestures += 1;
  return `!point ${gestures}`;
}

/** Let a point follow the pointer until it is let go. */
export function dragPoint(id: number, key: string, begun: PointerEvent): void {
  const start = placeOf({ x: begun.clientX, y: begun.clientY });
  const from = current().points[id];
  if (!from) return;
  const move = (event: PointerEvent) => {
    if (event.pointerId !== begun.pointerId) return;
    const now = placeOf({ x: event.clientX, y: event.clientY });
    const to = { x: Math.round(from.x + now.x - start.x), y: Math.round(from.y + now.y - start.y) };
    apply(words.movePoint, (document) => movePoint(document, id, to), key);
  };
  const end = (event: PointerEvent) => {
    if (event.pointerId !== begun.pointerId) return;
    for (const [name, listener] of listeners) removeEventListener(name, listener, true);
  };
  const listeners = [
    ["pointermove", move],
    ["pointerup", end],
    ["pointercancel", end],
  ] as const;
  for (const [name, listener] of listeners) addEventListener(name, listener, true);
}

/** A point that wires pass: chosen and dragged, and taken away by a double click. */
export function PointView({ point }: { point: RoutePoint }) {
  const chosen = useSelection((state) => state.points.has(point.id));
  const press = (event: ReactPointerEvent) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    select([], [], [], [point.id]);
    dragPoint(point.id, freshGesture(), event.nativeEvent);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: commands walk through points, move them and take them away
    <circle
      className="wire-point nopan nodrag"
      data-point={point.id}
      data-selected={chosen ? "" : undefined}
      cx={point.x}
      cy={point.y}
      r={6}
      onPointerDown={press}
      onMouseDown={(event) => event.stopPropagation()}
      onDoubleClick={(event) => {
        event.stopPropagation();
        apply(words.removePoint, (document) => removePoint(document, point.id));
      }}
    />
  );
}

import { useReactFlow } from "@xyflow/react";
import { type PointerEvent, useMemo, useRef } from "react";
import { type Box, boxOf } from "../../model/box";
import { moveBy, type Point } from "../../model/edit";
import { boxBetween, nodeAt, overlap } from "../../model/geometry";
import { specs } from "../../store/catalogue";
import { apply, current } from "../../store/document";
import { chosen, select, selectNothing } from "../../store/selection";
import { useView } from "../../store/view";
import { text } from "../../text";

interface Drag {
  readonly key: string;
  last: Point;
  /** On the screen. */
  readonly start: Point;
  moved: boolean;
  readonly box: Point | null;
}

let gestures = 0;
const TREMBLING = 8;

/** Choosing and moving nodes that are drawn as boxes. */
export function useFarPointer() {
  const flow = useReactFlow();
  const drag = useRef<Drag | null>(null);
  return useMemo(
    () => ({
      onPointerDown: (event: PointerEvent) => {
        // A second finger: together they move and zoom the view.
        if (!event.isPrimary) drag.current = null;
        if (
          !event.isPrimary ||
          !useView.getState().far ||
          event.button !== 0 ||
          !(event.target as Element).closest(".react-flow__pane")
        )
          return;
        const many = event.shiftKey || event.ctrlKey || event.metaKey;
        const place = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        const node = nodeAt(current(), place, specs());
        if (node === null && !many) {
          selectNothing();
          return;
        }
        gestures += 1;
        drag.current = {
          key: `!far ${gestures}`,
          last: place,
          start: { x: event.clientX, y: event.clientY },
          moved: false,
          box: node === null ? place : null,
        };
        if (node !== null) press(node, many);
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event: PointerEvent) => {
        const now = drag.current;
        if (!now || (event.pointerType === "touch" && !hasGone(now, event))) return;
        const place = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        if (now.box) select(within(boxBetween(now.box, place)));
        else
          apply(
            text.edit.move,
            moveBy(chosen(), Math.round(place.x - now.last.x), Math.round(place.y - now.last.y)),
            now.key,
          );
        now.last = now.box
          ? place
          : {
              x: now.last.x + Math.round(place.x - now.last.x),
              y: now.last.y + Math.round(place.y - now.last.y),
            };
      },
      onPointerUp: () => {
        drag.current = null;
      },
      onPointerCancel: () => {
        drag.current = null;
      },
      // The pan of the canvas listens to mouse and touch; what was pressed on a box must not reach it.
      onMouseDownCapture: (event: React.MouseEvent) => hold(event, flow.screenToFlowPosition),
      onTouchStartCapture: (event: React.TouchEvent) => {
        const touch = event.touches[0];
        if (touch && event.touches.length === 1)
          hold(
            {
              ...touch,
              button: 0,
              target: event.target,
              stopPropagation: () => event.stopPropagation(),
            } as never,
            flow.screenToFlowPosition,
          );
      },
    }),
    [flow],
  );
}

/** Whether a finger went far enough for a drag; one that waits for a second trembles. */
function hasGone(drag: Drag, { clientX, clientY }: PointerEvent): boolean {
  drag.moved ||= Math.hypot(clientX - drag.start.x, clientY - drag.start.y) > TREMBLING;
  return drag.moved;
}

function hold(event: React.MouseEvent, place: (point: Point) => Point): void {
  if (
    !useView.getState().far ||
    event.button !== 0 ||
    !(event.target as Element).closest(".react-flow__pane")
  )
    return;
  const many = event.shiftKey || event.ctrlKey || event.metaKey;
  if (many || nodeAt(current(), place({ x: event.clientX, y: event.clientY }), specs()) !== null)
    event.stopPropagation();
}

function press(node: string, many: boolean): void {
  const now = chosen();
  if (many) select(now.includes(node) ? now.filter((one) => one !== node) : [...now, node]);
  else if (!now.includes(node)) select([node]);
}

const within = (box: Box): string[] =>
  Object.values(current().nodes)
    .filter((node) => overlap(boxOf(node, specs()[node.type]), box))
    .map((node) => node.id);

import { type ReactFlowInstance, useReactFlow } from "@xyflow/react";
import { type PointerEvent, useRef } from "react";
import { create } from "zustand";
import type { Point } from "../model/edit";
import { wireAt, wiresAcross } from "../model/geometry";
import { addPoint } from "../model/route";
import { cut } from "../model/wire";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { text } from "../text";
import { words } from "../text/subgraph";
import { dragPoint, freshGesture } from "./PointView";

const useKnife = create<{ stroke: readonly Point[] }>(() => ({ stroke: [] }));

const NEAR = 14;

/** Shift and the right button on a wire: a point that the wire passes, which goes where it is dragged. */
function beginPoint(
  event: PointerEvent,
  flow: Pick<ReactFlowInstance, "screenToFlowPosition" | "getZoom">,
): void {
  const place = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
  const found = wireAt(current(), place, specs(), NEAR / flow.getZoom());
  if (!found) return;
  event.stopPropagation();
  const key = freshGesture();
  apply(words.point, (document) => addPoint(document, found.link.id, place, found.after), key);
  const points = Object.keys(current().points).map(Number);
  dragPoint(Math.max(...points), key, event.nativeEvent);
}

/** Ctrl and the right button: a stroke that cuts the wires that it crosses. */
export function useStroke() {
  const flow = useReactFlow();
  const cutting = useRef(false);
  return {
    onPointerDownCapture: (event: PointerEvent) => {
      if (event.button === 2 && event.shiftKey) {
        beginPoint(event, flow);
        return;
      }
      if (event.button !== 2 || !(event.ctrlKey || event.metaKey)) return;
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      cutting.current = true;
      useKnife.setState({ stroke: [{ x: event.clientX, y: event.clientY }] });
    },
    onPointerMoveCapture: (event: PointerEvent) => {
      if (!cutting.current) return;
      useKnife.setState(({ stroke }) => ({ stroke: [...stroke, { x: event.clientX, y: event.clientY }] }));
    },
    onPointerUpCapture: () => {
      if (!cutting.current) return;
      cutting.current = false;
      const stroke = useKnife.getState().stroke.map((point) => flow.screenToFlowPosition(point));
      useKnife.setState({ stroke: [] });
      const crossed = wiresAcross(current(), stroke, specs());
      if (crossed.length > 0) apply(text.edit.cut, cut(crossed.map((link) => link.id)));
    },
    onContextMenuCapture: (event: React.MouseEvent) => {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}

export function Stroke() {
  const stroke = useKnife((state) => state.stroke);
  if (stroke.length < 2) return null;
  return (
    <svg className="stroke" aria-hidden="true">
      <polyline points={stroke.map((point) => `${point.x},${point.y}`).join(" ")} />
    </svg>
  );
}

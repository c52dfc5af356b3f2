import { type ReactFlowInstance, useReactFlow } from "@xyflow/react";
import { type PointerEvent, useEffect, useMemo } from "react";
import { create } from "zustand";
import type { Point } from "../model/edit";
import { curve, wireAt } from "../model/geometry";
import { addPoint } from "../model/route";
import { addPoints, type Crossing, Stroke } from "../model/stroke";
import { cut } from "../model/wire";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { text } from "../text";
import { words } from "../text/subgraph";
import { dragPoint, freshGesture } from "./PointView";

type Kind = "cut" | "point";

interface State {
  readonly kind: Kind;
  /** Where the pointer was, on the screen. */
  readonly way: readonly Point[];
  readonly crossed: readonly Crossing[];
}

/** The stroke that is being drawn, and what it crosses so far. */
const useDrawn = create<{ drawn: State | null }>(() => ({ drawn: null }));

const NEAR = 14;

/** Shift and the right button on a wire: a point that the wire passes, which goes where it is dragged. */
function beginPoint(event: PointerEvent, flow: Pick<ReactFlowInstance, "getZoom">, place: Point): boolean {
  const found = wireAt(current(), place, specs(), NEAR / flow.getZoom());
  if (!found) return false;
  const key = freshGesture();
  apply(words.point, (document) => addPoint(document, found.link.id, place, found.after), key);
  const points = Object.keys(current().points).map(Number);
  dragPoint(Math.max(...points), key, event.nativeEvent);
  return true;
}

function finish({ kind, crossed }: State): void {
  if (crossed.length === 0) return;
  if (kind === "cut") apply(text.edit.cut, cut(crossed.map(({ link }) => link.id)));
  else apply(words.point, addPoints(crossed));
}

const kindOf = (event: PointerEvent): Kind | null => {
  if (event.button !== 2) return null;
  if (event.shiftKey) return "point";
  return event.ctrlKey || event.metaKey ? "cut" : null;
};

/** The right button with Ctrl cuts the wires that a stroke crosses, with Shift it leads them over points. */
export function useStroke() {
  const flow = useReactFlow();
  return useMemo(() => {
    let stroke: Stroke | null = null;
    const end = () => {
      stroke = null;
      const { drawn } = useDrawn.getState();
      if (drawn) useDrawn.setState({ drawn: null });
      return drawn;
    };
    return {
      onPointerDownCapture: (event: PointerEvent) => {
        const kind = kindOf(event);
        if (!kind) return;
        event.stopPropagation();
        const screen = { x: event.clientX, y: event.clientY };
        const place = flow.screenToFlowPosition(screen);
        if (kind === "point" && beginPoint(event, flow, place)) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        stroke = new Stroke(current(), specs(), place);
        useDrawn.setState({ drawn: { kind, way: [screen], crossed: [] } });
      },
      onPointerMoveCapture: (event: PointerEvent) => {
        const { drawn } = useDrawn.getState();
        if (!stroke || !drawn) return;
        const screen = { x: event.clientX, y: event.clientY };
        stroke.to(flow.screenToFlowPosition(screen));
        const crossed =
          stroke.crossed.size === drawn.crossed.length ? drawn.crossed : [...stroke.crossed.values()];
        useDrawn.setState({ drawn: { ...drawn, way: [...drawn.way, screen], crossed } });
      },
      onPointerUpCapture: () => {
        const drawn = end();
        if (drawn) finish(drawn);
      },
      onPointerCancelCapture: () => void end(),
      onContextMenuCapture: (event: React.MouseEvent) => {
        if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
        event.preventDefault();
        event.stopPropagation();
      },
    };
  }, [flow]);
}

/** The stroke, over everything; what it is about to do is drawn with it. */
export function StrokeView() {
  const drawn = useDrawn((state) => state.drawn);
  return drawn && drawn.way.length > 1 ? <Shown {...drawn} /> : null;
}

function Shown({ kind, way, crossed }: State) {
  const flow = useReactFlow();
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      useDrawn.setState({ drawn: null });
    };
    addEventListener("keydown", leave, true);
    return () => removeEventListener("keydown", leave, true);
  }, []);
  const origin = flow.flowToScreenPosition({ x: 0, y: 0 });
  const zoom = flow.getZoom();
  return (
    <svg className="stroke" data-kind={kind} aria-hidden="true">
      <g transform={`translate(${origin.x} ${origin.y}) scale(${zoom})`}>
        {crossed.map(({ link, span, at }) =>
          kind === "cut" ? (
            <path key={link.id} data-link={link.id} d={curve(span)} />
          ) : (
            <circle key={link.id} data-link={link.id} cx={at.x} cy={at.y} r={6 / Math.min(1, zoom)} />
          ),
        )}
      </g>
      <polyline points={way.map((point) => `${point.x},${point.y}`).join(" ")} />
    </svg>
  );
}

import { type ReactFlowInstance, useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { type Box, boundsOf } from "../model/box";
import type { Point } from "../model/edit";
import { specs, useCatalogue } from "../store/catalogue";
import { current } from "../store/document";
import { settle } from "../store/pane";
import { useView } from "../store/view";
import { extent } from "./far/FarCanvas";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const duration = (): number => (calm.matches ? 0 : 160);
const EDGE = 0.12;
/** The smallest zoom: a phone shows five hundred nodes at once. */
export const FARTHEST = 0.02;

let flow: ReactFlowInstance | null = null;
let size = () => ({ width: innerWidth, height: innerHeight });

/** Lets commands move the view, and shows the whole graph when a document was opened. */
export function Camera() {
  const instance = useReactFlow();
  const store = useStoreApi();
  const fitting = useView((state) => state.fitting);
  const ready = useCatalogue((state) => state.ready);
  useEffect(() => {
    flow = instance;
    size = () => store.getState();
    return () => {
      flow = null;
    };
  }, [instance, store]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that it is asked for; sizes follow from the node types
  useEffect(() => fitAll(0), [fitting, ready]);
  // Once before a new document is drawn, too: else those of its nodes would be drawn first that lie where the last was seen.
  useEffect(
    () =>
      useView.subscribe((state, before) => {
        if (state.fitting !== before.fitting) fitAll(0);
      }),
    [],
  );
  return null;
}

/** Show the whole graph. */
export function fitAll(time = duration()): void {
  const box = extent();
  if (box) lookAt(box, 1, time);
}

export function fitNodes(ids: readonly string[], zoom = 1): void {
  const box = boundsOf(current(), ids, specs());
  if (box) lookAt(box, zoom, duration());
}

/** Bring a part of the graph into view. */
export const showBox = (box: Box): void => lookAt(box, 1, duration());

/** Bring a node into view; where it is well in view already, nothing moves. */
export function reveal(id: string): void {
  const box = boundsOf(current(), [id], specs());
  if (!box || !flow) return;
  const { x, y, zoom } = flow.getViewport();
  const { width, height } = size();
  const left = box.x * zoom + x;
  const top = box.y * zoom + y;
  const seen = left >= 0 && top >= 0 && left + box.width * zoom <= width && top + box.height * zoom <= height;
  if (!seen || zoom < 0.4)
    void flow
      .setCenter(box.x + box.width / 2, box.y + box.height / 2, {
        zoom: Math.max(zoom, 0.8),
        duration: duration(),
      })
      .then(settle);
}

function lookAt(box: Box, most: number, time: number): void {
  if (!flow) return;
  const { width, height } = size();
  const zoom = Math.min(most, (width * (1 - EDGE)) / box.width, (height * (1 - EDGE)) / box.height);
  const limited = Math.max(FARTHEST, zoom);
  const x = width / 2 - (box.x + box.width / 2) * limited;
  const y = height / 2 - (box.y + box.height / 2) * limited;
  void flow.setViewport({ x, y, zoom: limited }, { duration: time }).then(settle);
  // What is shown at once has settled before anything is drawn.
  if (time === 0) settle();
}

export const zoomBy = (factor: number): void => {
  if (flow) zoomTo(flow.getZoom() * factor);
};
export const zoomTo = (zoom: number): void => void flow?.zoomTo(zoom, { duration: duration() }).then(settle);

/** The place on the canvas in the middle of the window. */
export function middle(): { screen: Point; place: Point } {
  const screen = { x: innerWidth / 2, y: innerHeight / 3 };
  return { screen, place: flow?.screenToFlowPosition(screen) ?? { x: 0, y: 0 } };
}

export const placeOf = (screen: Point): Point => flow?.screenToFlowPosition(screen) ?? screen;

export const moveView = (to: Point): void => {
  if (flow) void flow.setCenter(to.x, to.y, { zoom: flow.getZoom() });
};

export function panBy(x: number, y: number): void {
  if (!flow) return;
  const now = flow.getViewport();
  void flow.setViewport({ ...now, x: now.x + x, y: now.y + y }, { duration: duration() }).then(settle);
}

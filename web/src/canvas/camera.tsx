import { type ReactFlowInstance, useReactFlow, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { type Box, boundsOf, boxOf } from "../model/box";
import type { Point } from "../model/edit";
import { isSeen, largest, viewOf } from "../model/view";
import { specs, useCatalogue } from "../store/catalogue";
import { current } from "../store/document";
import { settle } from "../store/pane";
import { useView } from "../store/view";
import { extent } from "./far/FarCanvas";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const duration = (): number => (calm.matches ? 0 : 160);
const AROUND = 20;
/** The smallest zoom: a phone shows five hundred nodes at once. */
export const FARTHEST = 0.02;
export const NEAREST = 4;

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

/** The part of the canvas that the map and what is below it cover. */
function corner(): Box | null {
  const canvas = document.querySelector(".canvas")?.getBoundingClientRect();
  const box = document.querySelector(".corner")?.getBoundingClientRect();
  if (!canvas || !box || box.width === 0) return null;
  const [x, y] = [box.x - canvas.x, box.y - canvas.y];
  return { x, y, width: canvas.width - x, height: canvas.height - y };
}

/** Show the whole graph. */
export function fitAll(time = duration()): void {
  const box = extent();
  if (box) lookAt(box, largest(size()), time, Object.keys(current().nodes));
}

export function fitNodes(ids: readonly string[], zoom = 1): void {
  const box = boundsOf(current(), ids, specs());
  if (box) lookAt(box, zoom, duration(), ids);
}

/** Bring a part of the graph into view. */
export const showBox = (box: Box): void => lookAt(box, 1, duration());

/** Bring a node into view; where it is well in view already, nothing moves. */
export function reveal(id: string): void {
  const box = boundsOf(current(), [id], specs());
  if (!box || !flow) return;
  const view = flow.getViewport();
  const { zoom } = view;
  if (zoom < 0.4 || !isSeen(size(), box, view, corner()))
    void flow
      .setCenter(box.x + box.width / 2, box.y + box.height / 2, {
        zoom: zoom < 0.4 ? 0.8 : zoom,
        duration: duration(),
      })
      .then(settle);
}

/** Bring a place of the graph into view; where it is in view already, nothing moves. */
export async function revealPlace({ x, y }: Point): Promise<void> {
  if (!flow) return;
  const view = flow.getViewport();
  const box = { x: x - AROUND, y: y - AROUND, width: 2 * AROUND, height: 2 * AROUND };
  if (view.zoom >= 0.4 && isSeen(size(), box, view, corner())) return;
  await flow.setCenter(x, y, { zoom: view.zoom < 0.4 ? 0.8 : view.zoom, duration: duration() });
  settle();
}

export const screenOf = (place: Point): Point => flow?.flowToScreenPosition(place) ?? place;

function lookAt(box: Box, most: number, time: number, ids: readonly string[] = []): void {
  if (!flow) return;
  const nodes = ids.flatMap((id) => current().nodes[id] ?? []);
  const things = ids.length > 0 ? nodes.map((node) => boxOf(node, specs()[node.type])) : [box];
  const view = viewOf(size(), box, { least: FARTHEST, most }, corner(), things);
  void flow.setViewport(view, { duration: time }).then(settle);
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

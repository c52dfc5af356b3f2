import { useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { type Box, boxOf } from "../model/box";
import { overlap } from "../model/geometry";
import { specs } from "../store/catalogue";
import { current } from "../store/document";
import { usePane } from "../store/pane";
import { show, useView } from "../store/view";
import { farAtRest, farWhileMoving } from "./far/level";

const REST = 220;
const AROUND = 0.7;
const WIDEST = 3.2;

/** Decides what is drawn: boxes or nodes, and of the nodes only those in view and around it. */
export function FarSwitch() {
  const flow = useStoreApi();
  useEffect(() => {
    let resting = 0;
    let from: number | null = null;
    const turn = (far: boolean) => {
      if (far !== useView.getState().far) show({ far });
      const { transform, width, height } = flow.getState();
      if (!far && width > 0) widen(viewOf(transform, width, height), transform[2]);
    };
    const rest = () => {
      clearTimeout(resting);
      from = null;
      turn(farAtRest(useView.getState().far, flow.getState().transform[2]));
    };
    const move = () => {
      const { transform, width, height } = flow.getState();
      const zoom = transform[2];
      from ??= zoom;
      clearTimeout(resting);
      resting = window.setTimeout(rest, REST);
      turn(farWhileMoving(useView.getState().far, zoom, from, () => seen(viewOf(transform, width, height))));
    };
    rest();
    const stops = [
      flow.subscribe((state, before) => {
        if (state.transform !== before.transform) move();
        else if (state.width !== before.width || state.height !== before.height) rest();
      }),
      usePane.subscribe((state, before) => {
        if (state.settled !== before.settled) rest();
      }),
    ];
    return () => {
      clearTimeout(resting);
      for (const stop of stops) stop();
    };
  }, [flow]);
  return null;
}

const viewOf = ([x, y, zoom]: readonly [number, number, number], width: number, height: number): Box => ({
  x: -x / zoom,
  y: -y / zoom,
  width: width / zoom,
  height: height / zoom,
});

/** How many nodes are in view. */
function seen(view: Box): number {
  const catalogue = specs();
  return Object.values(current().nodes).filter((node) => overlap(boxOf(node, catalogue[node.type]), view))
    .length;
}

/** Give the canvas the nodes in view and around it, where some in view are not among those that it has. */
function widen(view: Box, zoom: number): void {
  if (!holds(usePane.getState().box, view))
    usePane.setState({ box: grown(view, AROUND * Math.min(1, zoom)) });
}

const holds = (box: Box, view: Box): boolean =>
  view.x >= box.x &&
  view.y >= box.y &&
  view.x + view.width <= box.x + box.width &&
  view.y + view.height <= box.y + box.height &&
  box.width <= view.width * WIDEST;

const grown = (view: Box, part: number): Box => ({
  x: view.x - view.width * part,
  y: view.y - view.height * part,
  width: view.width * (1 + 2 * part),
  height: view.height * (1 + 2 * part),
});

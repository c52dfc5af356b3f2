import { useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import type { Box } from "../model/box";
import { usePane } from "../store/pane";
import { show, useView } from "../store/view";

const LEAVE = 0.42;
const ENTER = 0.38;
const NEAR = 0.75;
const REST = 120;
const AROUND = 0.7;
const WIDEST = 3.2;

/**
 * Decides what is drawn: boxes when the graph is far and nodes when it is near (between the two it stays as it is), and
 * of the nodes only those in view and around it.
 */
export function FarSwitch() {
  const flow = useStoreApi();
  useEffect(() => {
    let rest = 0;
    const near = () => {
      show({ far: false });
      note();
    };
    const note = () => {
      const { transform, width, height } = flow.getState();
      const [x, y, zoom] = transform;
      const { far } = useView.getState();
      clearTimeout(rest);
      if (!far && zoom < ENTER) show({ far: true });
      else if (far && zoom > NEAR) show({ far: false });
      // Where many nodes come into view at once, they come when the hand rests: not in the midst of a movement.
      else if (far && zoom > LEAVE) rest = window.setTimeout(near, REST);
      if (useView.getState().far || width === 0) return;
      const view = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
      if (!holds(usePane.getState().box, view)) usePane.setState({ box: grown(view) });
    };
    note();
    const stop = flow.subscribe((state, before) => {
      if (
        state.transform !== before.transform ||
        state.width !== before.width ||
        state.height !== before.height
      )
        note();
    });
    return () => {
      clearTimeout(rest);
      stop();
    };
  }, [flow]);
  return null;
}

const holds = (box: Box, view: Box): boolean =>
  view.x >= box.x &&
  view.y >= box.y &&
  view.x + view.width <= box.x + box.width &&
  view.y + view.height <= box.y + box.height &&
  box.width <= view.width * WIDEST;

const grown = (view: Box): Box => ({
  x: view.x - view.width * AROUND,
  y: view.y - view.height * AROUND,
  width: view.width * (1 + 2 * AROUND),
  height: view.height * (1 + 2 * AROUND),
});

import { useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import type { Box } from "../model/edit";
import { usePane } from "../store/pane";
import { show, useView } from "../store/view";

const LEAVE = 0.42;
const ENTER = 0.38;
const AROUND = 0.7;
const WIDEST = 3.2;

/**
 * Decides what is drawn: boxes when the graph is far and nodes when it is near (between the two it stays as it is), and
 * of the nodes only those in view and around it.
 */
export function FarSwitch() {
  const flow = useStoreApi();
  useEffect(() => {
    const note = () => {
      const { transform, width, height } = flow.getState();
      const [x, y, zoom] = transform;
      const { far } = useView.getState();
      if (far ? zoom > LEAVE : zoom < ENTER) show({ far: !far });
      if (useView.getState().far || width === 0) return;
      const view = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
      if (!holds(usePane.getState().box, view)) usePane.setState({ box: grown(view) });
    };
    note();
    return flow.subscribe((state, before) => {
      if (
        state.transform !== before.transform ||
        state.width !== before.width ||
        state.height !== before.height
      )
        note();
    });
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

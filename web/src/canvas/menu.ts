import { useReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import { endGlance } from "../run/glance";
import { choose, selectNothing, useSelection } from "../store/selection";
import { show, useView } from "../store/view";
import { type FlowEdge, type FlowNode, frameOf, isFrame } from "./flow";

/** Menus on the right button. */
export function useMenu() {
  const flow = useReactFlow();
  return useMemo(() => {
    const at = (event: React.MouseEvent | MouseEvent) => {
      event.preventDefault();
      endGlance();
      const screen = { x: event.clientX, y: event.clientY };
      return { screen, place: flow.screenToFlowPosition(screen) };
    };
    return {
      onPaneContextMenu: (event: React.MouseEvent | MouseEvent) =>
        show({ menu: { ...at(event), target: { kind: "canvas" } } }),
      onNodeContextMenu: (event: React.MouseEvent, node: FlowNode) => {
        if ((event.target as Element).closest("input, textarea")) return;
        const target = isFrame(node.id)
          ? ({ kind: "frame", id: frameOf(node.id) } as const)
          : ({ kind: "node", id: node.id, input: inputAt(event.target) } as const);
        const { nodes, frames } = useSelection.getState();
        if (!(target.kind === "frame" ? frames : nodes).has(target.id)) {
          selectNothing();
          choose(target.kind === "frame" ? "frames" : "nodes", target.id, true);
        }
        show({ menu: { ...at(event), target } });
      },
      onSelectionContextMenu: (event: React.MouseEvent) => {
        const [id] = useSelection.getState().nodes;
        if (id) show({ menu: { ...at(event), target: { kind: "node", id } } });
      },
      onEdgeContextMenu: (event: React.MouseEvent, edge: FlowEdge) =>
        show({
          menu: { ...at(event), target: { kind: "link", id: Number(edge.id), point: pointAt(event.target) } },
        }),
      onMoveStart: () => {
        endGlance();
        if (useView.getState().menu) show({ menu: null });
      },
    };
  }, [flow]);
}

/** The reroute point that was pressed. */
function pointAt(target: EventTarget): number | undefined {
  const point = (target as Element).closest<SVGElement>("[data-point]")?.dataset.point;
  return point === undefined ? undefined : Number(point);
}

/** The input whose widget was pressed. */
const inputAt = (target: EventTarget): string | undefined =>
  (target as Element).closest<HTMLElement>("[data-input]")?.dataset.input;

import { useReactFlow } from "@xyflow/react";
import { useMemo } from "react";
import type { Point } from "../model/edit";
import { nodeAt } from "../model/geometry";
import { HEADER, shapeOf } from "../model/shape";
import { picturesOf } from "../run/bound";
import { endGlance } from "../run/glance";
import { specs } from "../store/catalogue";
import { current } from "../store/document";
import { choose, selectNothing, useSelection } from "../store/selection";
import { type Menu, show, useView } from "../store/view";
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
      onPaneContextMenu: (event: React.MouseEvent | MouseEvent) => {
        const where = at(event);
        show({ menu: { ...where, target: boxAt(where.place) ?? { kind: "canvas" } } });
      },
      onNodeContextMenu: (event: React.MouseEvent, node: FlowNode) => {
        if ((event.target as Element).closest("input, textarea")) return;
        const target = isFrame(node.id)
          ? ({ kind: "frame", id: frameOf(node.id) } as const)
          : ({ kind: "node", id: node.id, input: inputAt(event.target) } as const);
        chooseAlone(target);
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

/** What was pressed is chosen, alone where it was not among what is. */
function chooseAlone({ kind, id }: { kind: "frame" | "node"; id: string }): void {
  const { nodes, frames } = useSelection.getState();
  if ((kind === "frame" ? frames : nodes).has(id)) return;
  selectNothing();
  choose(kind === "frame" ? "frames" : "nodes", id, true);
}

/** From afar, where nodes are drawn as boxes: the picture or the node at a place. */
function boxAt(place: Point): Menu["target"] | null {
  const id = useView.getState().far ? nodeAt(current(), place, specs()) : null;
  const node = id === null ? undefined : current().nodes[id];
  if (!node) return null;
  const row = picturesOf(node.id);
  const area = shapeOf(node, specs()[node.type]).picture;
  const y = place.y - (node.y - HEADER);
  if (row[0] && area && y >= area.y && y <= area.y + area.height)
    return { kind: "picture", picture: row[0], row, node: node.id };
  const target = { kind: "node", id: node.id } as const;
  chooseAlone(target);
  return target;
}

/** The reroute point that was pressed. */
function pointAt(target: EventTarget): number | undefined {
  const point = (target as Element).closest<SVGElement>("[data-point]")?.dataset.point;
  return point === undefined ? undefined : Number(point);
}

/** The input whose widget was pressed. */
const inputAt = (target: EventTarget): string | undefined =>
  (target as Element).closest<HTMLElement>("[data-input]")?.dataset.input;

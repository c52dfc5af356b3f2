import type { EdgeChange, NodeChange } from "@xyflow/react";
import { choose, chooseLink, dropPoints, select, useSelection } from "../store/selection";
import { type FlowEdge, type FlowNode, frameOf, isFrame } from "./flow";

/** A click on one of several chosen nodes chooses it alone; what is pressed within it is pressed for itself. */
export function clickNode(event: React.MouseEvent, node: FlowNode): void {
  const many = event.shiftKey || event.ctrlKey || event.metaKey || event.altKey;
  if (many || (event.target as Element).closest(".widget, button, input, textarea, .dot")) return;
  const { nodes, frames } = useSelection.getState();
  if (nodes.size + frames.size < 2) return;
  if (isFrame(node.id)) select([], [frameOf(node.id)]);
  else select([node.id]);
}

/** Choosing, by click and by box. */
export function noteChoice(
  changes: readonly (NodeChange<FlowNode> | EdgeChange<FlowEdge>)[],
  edges: boolean,
): void {
  if (changes.some((one) => one.type === "select" && one.selected)) dropPoints();
  for (const change of changes) {
    if (change.type !== "select") continue;
    if (edges) chooseLink(Number(change.id), change.selected);
    else if (isFrame(change.id)) choose("frames", frameOf(change.id), change.selected);
    else choose("nodes", change.id, change.selected);
  }
}

import type { EdgeChange, NodeChange } from "@xyflow/react";
import { choose, chooseLink, dropPoints } from "../store/selection";
import { type FlowEdge, type FlowNode, frameOf, isFrame } from "./flow";

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

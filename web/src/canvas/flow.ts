import type { Edge, Node } from "@xyflow/react";

export type FlowNode = Node<Record<string, never>, "node" | "frame">;
export type FlowEdge = Edge<{ type: string }, "wire">;

/** Frames are nodes to the canvas; their names there begin so. */
export const frameId = (id: string): string => `frame:${id}`;
export const isFrame = (id: string): boolean => id.startsWith("frame:");
export const frameOf = (id: string): string => id.slice("frame:".length);

/** Whether two lists hold the same objects. */
export const alike = <T>(one: readonly T[], other: readonly T[]): boolean =>
  one.length === other.length && one.every((entry, index) => entry === other[index]);

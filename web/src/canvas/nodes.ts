import { Position } from "@xyflow/react";
import type { Box } from "../model/box";
import type { Document, Frame, GraphNode } from "../model/document";
import { handleOf } from "../model/hang";
import { HEADER, inputY, outputY, type Shape, shapeOf } from "../model/shape";
import type { Catalogue, Spec } from "../model/spec";
import { alike, type FlowNode, frameId } from "./flow";

const DOT = 10;
const NO_DATA: Record<string, never> = {};

/**
 * What the canvas is given: places, sizes and sockets, and nothing that a keystroke in a widget changes. Entries and
 * lists stay the same objects while they say the same.
 */
export class FlowNodes {
  private made = new Map<string, { key: string; node: FlowNode }>();
  private last: FlowNode[] = [];

  /** `ends` are nodes outside of the pane at which wires within it begin or end. */
  of(
    document: Document,
    catalogue: Catalogue,
    nodes: ReadonlySet<string>,
    frames: ReadonlySet<string>,
    pane: Box,
    ends: ReadonlySet<string>,
  ): FlowNode[] {
    const made = new Map<string, { key: string; node: FlowNode }>();
    const list: FlowNode[] = [];
    const keep = (id: string, key: string, make: () => FlowNode) => {
      const before = this.made.get(id);
      const entry = before?.key === key ? before : { key, node: make() };
      made.set(id, entry);
      list.push(entry.node);
    };
    for (const frame of Object.values(document.frames)) {
      const id = frameId(frame.id);
      const chosen = frames.has(frame.id);
      keep(id, `${frame.x} ${frame.y} ${frame.width} ${frame.height} ${chosen}`, () =>
        frameNode(frame, chosen),
      );
    }
    for (const node of Object.values(document.nodes)) {
      const spec = catalogue[node.type];
      const shape = shapeOf(node, spec);
      const chosen = nodes.has(node.id);
      if (!chosen && !ends.has(node.id) && !within(node, shape, pane)) continue;
      keep(node.id, keyOf(node, spec, shape, chosen), () => flowNode(node, shape, chosen));
    }
    this.made = made;
    if (!alike(list, this.last)) this.last = list;
    return this.last;
  }
}

const within = (node: GraphNode, shape: Shape, pane: Box): boolean =>
  node.x <= pane.x + pane.width &&
  pane.x <= node.x + shape.width &&
  node.y - HEADER <= pane.y + pane.height &&
  pane.y <= node.y - HEADER + shape.height;

const keyOf = (node: GraphNode, spec: Spec | undefined, shape: Shape, chosen: boolean): string =>
  `${node.x} ${node.y} ${shape.width} ${shape.height} ${shape.hidden} ${shape.widgets.length} ${shape.state} ${node.type} ${node.pinned} ${node.collapsed} ${chosen} ${spec !== undefined}`;

function flowNode(node: GraphNode, shape: Shape, chosen: boolean): FlowNode {
  const size = { width: shape.width, height: shape.height };
  const dot = { width: DOT, height: DOT };
  const inputs = [...shape.sockets, ...shape.widgets].map((row) => ({
    ...dot,
    id: handleOf({ output: false, socket: row.spec.name }),
    type: "target" as const,
    position: Position.Left,
    x: -DOT / 2,
    y: inputY(shape, row.spec.name, node.collapsed) - DOT / 2,
  }));
  const outputs = shape.outputs.map((row) => ({
    ...dot,
    id: handleOf({ output: true, socket: String(row.slot) }),
    type: "source" as const,
    position: Position.Right,
    x: shape.width - DOT / 2,
    y: outputY(shape, row.slot) - DOT / 2,
  }));
  return {
    id: node.id,
    type: "node",
    position: { x: node.x, y: node.y - HEADER },
    data: NO_DATA,
    ariaRole: "group",
    ...size,
    measured: size,
    handles: [...inputs, ...outputs],
    selected: chosen,
    draggable: !node.pinned,
  };
}

function frameNode(frame: Frame, chosen: boolean): FlowNode {
  const size = { width: frame.width, height: frame.height };
  return {
    id: frameId(frame.id),
    type: "frame",
    position: { x: frame.x, y: frame.y },
    data: NO_DATA,
    ariaRole: "group",
    ...size,
    measured: size,
    handles: [],
    selected: chosen,
    // What is chosen is lifted by 1000: a chosen frame stays beneath the nodes.
    zIndex: chosen ? -1001 : -1,
    dragHandle: ".frame-head",
  };
}

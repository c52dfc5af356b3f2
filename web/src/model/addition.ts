import { type Box, boxOf } from "./box";
import type { Document, GraphNode } from "./document";
import { type Edit, freeId, newNode, type Point, putNode } from "./edit";
import { type Hanging, land } from "./hang";
import { HEADER, inputY, outputY, PAD, shapeOf } from "./shape";
import { type Catalogue, fits, type Spec } from "./spec";
import { inputFor, outputFor } from "./wire";

/** Whether a node of a type has a socket for a wire; without a wire, every type will do. */
export function suits(spec: Spec, wire: Hanging | null): boolean {
  if (!wire) return true;
  return wire.output || wire.picked
    ? spec.inputs.some((one) => fits(wire.type, one.type))
    : spec.outputs.some((one) => fits(one.type, wire.type));
}

/** A node whose socket has the wire's very type comes before one that takes anything. */
export function closeness(spec: Spec, wire: Hanging | null): number {
  if (!wire) return 0;
  const sockets = wire.output || wire.picked ? spec.inputs.filter((one) => !one.widget) : spec.outputs;
  return sockets.some((one) => one.type === wire.type) ? 150 : 0;
}

interface Socket {
  readonly output: boolean;
  readonly socket: string;
}

function socketFor(spec: Spec, wire: Hanging): Socket | null {
  if (wire.output || wire.picked) {
    const input = inputFor(spec.inputs, wire.type);
    return input ? { output: false, socket: input.name } : null;
  }
  const slot = outputFor(spec, wire.type);
  return slot >= 0 ? { output: true, socket: String(slot) } : null;
}

/** A node that was added, and the document with it. */
export interface Added {
  readonly id: string;
  readonly document: Document;
}

/** Add a node at a point; with a wire, the socket that takes it comes to lie there, and is connected. */
export function addition(
  document: Document,
  spec: Spec,
  place: Point,
  wire: Hanging | null,
  catalogue: Catalogue,
  clear: boolean,
): Added {
  const id = freeId(document);
  const socket = wire && socketFor(spec, wire);
  const node = newNode(id, spec, place);
  const put = socket ? beside(node, spec, socket) : { ...node, x: node.x - Math.round(node.width / 2) };
  const placed = putNode(clear ? inTheClear(document, put, spec, catalogue) : put)(document);
  const landing: Edit | unknown =
    socket && wire ? land(placed, wire, { node: id, ...socket }, catalogue) : null;
  return { id, document: typeof landing === "function" ? (landing as Edit)(placed) : placed };
}

function beside(node: GraphNode, spec: Spec, socket: Socket): GraphNode {
  const shape = shapeOf(node, spec);
  const y = socket.output ? outputY(shape, Number(socket.socket)) : inputY(shape, socket.socket, false);
  return {
    ...node,
    x: socket.output ? node.x - shape.width - PAD : node.x + PAD,
    y: node.y - HEADER - Math.round(y) + HEADER,
  };
}

const GAP = 30;

/** The node further down, where it lies on no other. */
function inTheClear(document: Document, node: GraphNode, spec: Spec, catalogue: Catalogue): GraphNode {
  const others = Object.values(document.nodes).map((one) => boxOf(one, catalogue[one.type]));
  let now = node;
  for (let step = 0; step <= others.length; step++) {
    const box = boxOf(now, spec);
    const hit = others.find((one) => overlaps(box, one));
    if (!hit) break;
    now = { ...now, y: hit.y + hit.height + GAP + HEADER };
  }
  return now;
}

const overlaps = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width + GAP &&
  other.x < one.x + one.width + GAP &&
  one.y < other.y + other.height + GAP &&
  other.y < one.y + one.height + GAP;

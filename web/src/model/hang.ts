import { type Document, type Link, linkInto } from "./document";
import type { Edit } from "./edit";
import { inputsOf, outputsOf } from "./shape";
import { type Catalogue, fits } from "./spec";
import { connect, cut, type End, inputFor, moveWires, type Refusal, refusal } from "./wire";

/** A socket of a node, as the canvas names it. */
export interface SocketName {
  readonly node: string;
  readonly output: boolean;
  /** The input's name or the output's number. */
  readonly socket: string;
}

/**
 * A wire of which one end is in the air. `picked` was pulled off an input; `all` carries every wire of an output.
 */
export interface Hanging extends SocketName {
  readonly type: string;
  readonly picked: Link | null;
  readonly all: boolean;
}

export const handleOf = (socket: Pick<SocketName, "output" | "socket">): string =>
  `${socket.output ? "out" : "in"}:${socket.socket}`;

export function socketOf(node: string, handle: string): SocketName {
  const at = handle.indexOf(":");
  return { node, output: handle.slice(0, at) === "out", socket: handle.slice(at + 1) };
}

/** Begin a wire at a socket. */
export function pull(document: Document, at: SocketName, catalogue: Catalogue, all: boolean): Hanging | null {
  const node = document.nodes[at.node];
  if (!node) return null;
  const spec = catalogue[node.type];
  if (at.output) {
    const output = outputsOf(node, spec)[Number(at.socket)];
    return output ? { ...at, type: output.type, picked: null, all } : null;
  }
  const link = linkInto(document, at.node, at.socket) ?? null;
  const input = inputsOf(node, spec).find((one) => one.name === at.socket);
  return input || link ? { ...at, type: link?.type ?? input?.type ?? "*", picked: link, all: false } : null;
}

/** Where a wire that ends at an input would begin. */
const endOf = (wire: Hanging): End =>
  wire.picked
    ? { node: wire.picked.from, slot: wire.picked.slot }
    : { node: wire.node, slot: Number(wire.socket) };

/** What becomes of a wire that is let go over a socket. */
export function land(
  document: Document,
  wire: Hanging,
  at: SocketName,
  catalogue: Catalogue,
): Edit | Refusal | null {
  if (wire.all) return at.output ? landAll(document, wire, at, catalogue) : null;
  if (!at.output) return wire.output || wire.picked ? landOnInput(document, wire, at, catalogue) : null;
  if (wire.output) return null;
  const from = { node: at.node, slot: Number(at.socket) };
  return (
    refusal(document, from, wire.node, wire.socket, catalogue) ??
    connect(from, wire.node, wire.socket, catalogue)
  );
}

function landOnInput(
  document: Document,
  wire: Hanging,
  at: SocketName,
  catalogue: Catalogue,
): Edit | Refusal | null {
  const from = endOf(wire);
  const no = refusal(document, from, at.node, at.socket, catalogue);
  if (no) return no;
  const old = wire.picked;
  if (!old) return connect(from, at.node, at.socket, catalogue);
  if (old.to === at.node && old.input === at.socket) return (same) => same;
  return (before) => connect(from, at.node, at.socket, catalogue)(cut([old.id])(before));
}

function landAll(
  document: Document,
  wire: Hanging,
  at: SocketName,
  catalogue: Catalogue,
): Edit | Refusal | null {
  const node = document.nodes[at.node];
  const output = node && outputsOf(node, catalogue[node.type])[Number(at.socket)];
  if (!output || (at.node === wire.node && at.socket === wire.socket)) return null;
  if (!fits(output.type, wire.type)) return { reason: "type", gives: output.type, takes: wire.type };
  return moveWires(
    { node: wire.node, slot: Number(wire.socket) },
    { node: at.node, slot: Number(at.socket) },
    catalogue,
  );
}

/** The socket of a node that a wire fits best, when it is let go over the node and not over a socket. */
export function bestSocket(
  document: Document,
  wire: Hanging,
  id: string,
  catalogue: Catalogue,
): SocketName | null {
  const node = document.nodes[id];
  const spec = node && catalogue[node.type];
  if (!spec || wire.all) return null;
  if (wire.output || wire.picked) {
    const input = inputFor(
      inputsOf(node, spec),
      wire.type,
      (name) => linkInto(document, id, name) !== undefined,
    );
    return input ? { node: id, output: false, socket: input.name } : null;
  }
  const slot = outputsOf(node, spec).findIndex((one) => fits(one.type, wire.type));
  return slot >= 0 ? { node: id, output: true, socket: String(slot) } : null;
}

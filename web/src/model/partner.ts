import { boxOf } from "./box";
import { type Document, type Link, linkInto, linksFrom, linksTo } from "./document";
import { isNote } from "./frontend";
import type { Hanging, SocketName } from "./hang";
import { inputsOf, outputsOf } from "./shape";
import { type Catalogue, fits } from "./spec";

/** A socket as it is offered in a list. */
export interface Offer extends SocketName {
  readonly name: string;
  readonly type: string;
  /** What is wired to it: for an input its wire, for an output how many. */
  readonly link: Link | null;
  readonly wires: number;
  /** How far it is, for those of other nodes. */
  readonly far: number;
}

/** The sockets of a node: what it gives, what it takes by wire, and what could be wired as well. */
export function socketsOf(document: Document, id: string, catalogue: Catalogue): Offer[] {
  const node = document.nodes[id];
  if (!node) return [];
  const spec = catalogue[node.type];
  const outputs = outputsOf(node, spec).map((one, slot) => ({
    node: id,
    output: true,
    socket: String(slot),
    name: one.name,
    type: one.type,
    link: null,
    wires: linksFrom(document, id).filter((link) => link.slot === slot).length,
    far: 0,
  }));
  const inputs = (isNote(node.type) ? [] : inputsOf(node, spec)).map((one) => {
    const link = linkInto(document, id, one.name) ?? null;
    const offer = {
      node: id,
      output: false,
      socket: one.name,
      name: one.label ?? one.name,
      type: one.type,
      link,
      wires: link ? 1 : 0,
      far: 0,
    };
    return { offer, widget: one.widget !== null };
  });
  const taking = (widget: boolean) => inputs.filter((one) => one.widget === widget).map((one) => one.offer);
  return [...outputs, ...taking(false), ...taking(true)];
}

/** A wire that begins at a socket and has no other end yet. */
export const hangingAt = (offer: Offer): Hanging => ({
  node: offer.node,
  output: offer.output,
  socket: offer.socket,
  type: offer.type,
  picked: null,
  all: false,
});

/** The sockets of other nodes that a wire can go to: free and near ones first. */
export function partners(document: Document, wire: Hanging, catalogue: Catalogue): Offer[] {
  const closed = circle(document, wire.node, wire.output);
  const here = centre(document, wire.node, catalogue);
  return Object.keys(document.nodes)
    .filter((id) => !closed.has(id))
    .flatMap((id) => {
      const there = centre(document, id, catalogue);
      const far = Math.hypot(there.x - here.x, there.y - here.y);
      return socketsOf(document, id, catalogue)
        .filter((one) => one.output !== wire.output)
        .filter((one) => (wire.output ? fits(wire.type, one.type) : fits(one.type, wire.type)))
        .map((one) => ({ ...one, far }));
    })
    .sort((one, other) => Number(busy(one)) - Number(busy(other)) || one.far - other.far);
}

const busy = (offer: Offer): boolean => !offer.output && offer.link !== null;

/** The node itself, and those to or from which a wire would make a circle. */
function circle(document: Document, start: string, output: boolean): ReadonlySet<string> {
  const seen = new Set([start]);
  const stack = [start];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    const next = output
      ? linksTo(document, id).map((link) => link.from)
      : linksFrom(document, id).map((link) => link.to);
    for (const one of next) {
      if (seen.has(one)) continue;
      seen.add(one);
      stack.push(one);
    }
  }
  return seen;
}

function centre(document: Document, id: string, catalogue: Catalogue) {
  const node = document.nodes[id];
  if (!node) return { x: 0, y: 0 };
  const box = boxOf(node, catalogue[node.type]);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

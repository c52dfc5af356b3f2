import type { Document, Drawing, GraphNode, Link, Socket } from "./document";
import { changeDrawings, INPUT, OUTPUT } from "./focus";
import { inputsOf, outputsOf } from "./shape";
import type { Catalogue } from "./spec";

interface End {
  readonly node: string;
  readonly slot: number;
}

const putNode = (document: Document, node: GraphNode): Document => ({
  ...document,
  nodes: { ...document.nodes, [node.id]: node },
});

/** A name like this one that no socket has yet. */
export function freeName(name: string, sockets: readonly Pick<Socket, "name">[]): string {
  const taken = new Set(sockets.map((one) => one.name));
  let free = name || "value";
  for (let number = 1; taken.has(free); number++) free = `${name || "value"}_${number}`;
  return free;
}

/** A wire at the spare socket of a border makes it an input or an output of the subgraph that one is inside of. */
export function openBorders(
  document: Document,
  from: End,
  to: string,
  input: string,
  catalogue: Catalogue,
): Document {
  const [source, target] = [document.nodes[from.node], document.nodes[to]];
  if (!document.inside || !source || !target) return document;
  const entry = inputsOf(target, catalogue[target.type]).find((one) => one.name === input);
  if (from.node === INPUT && from.slot === source.outputs?.length && entry) {
    const socket = { name: freeName(bare(entry.label || entry.name), source.outputs), type: entry.type };
    return putNode(document, { ...source, outputs: [...source.outputs, socket] });
  }
  const output = outputsOf(source, catalogue[source.type])[from.slot];
  if (to === OUTPUT && input === String(target.inputs?.length) && target.inputs && output) {
    const socket = { name: freeName(output.name, target.inputs), type: output.type };
    return putNode(document, { ...target, inputs: [...target.inputs, socket] });
  }
  return document;
}

const bare = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

type Side = typeof INPUT | typeof OUTPUT;

/** Give an input or an output of the subgraph that one is inside of another label. */
export function renameBorder(document: Document, side: Side, index: number, label: string): Document {
  const node = document.nodes[side];
  const key = side === INPUT ? "outputs" : "inputs";
  const sockets = node?.[key];
  const socket = sockets?.[index];
  if (!node || !socket || (socket.label ?? socket.name) === label || label === "") return document;
  const next = sockets.map((one, at) => (at === index ? { ...one, label } : one));
  return putNode(document, { ...node, [key]: next });
}

/** Take an input or an output away from the subgraph that one is inside of, with its wires inside and outside. */
export function removeBorder(document: Document, side: Side, index: number): Document {
  const node = document.nodes[side];
  const key = side === INPUT ? "outputs" : "inputs";
  const socket = node?.[key]?.[index];
  if (!node || !socket) return document;
  const inside = shifted(document, (link) => placeAt(link, side), side, index);
  const next = putNode(
    { ...document, links: inside },
    { ...node, [key]: node[key]?.filter((_, at) => at !== index) ?? [] },
  );
  return changeDrawings(next, (drawing) => withoutSocket(drawing, document.inside, side, socket.name, index));
}

/** The number of the border's socket at which a wire begins or ends. */
function placeAt(link: Link, side: Side): number | null {
  if (side === INPUT) return link.from === INPUT ? link.slot : null;
  return link.to === OUTPUT ? Number(link.input) : null;
}

function shifted(
  drawing: Drawing,
  place: (link: Link) => number | null,
  side: Side,
  index: number,
): Drawing["links"] {
  const links = Object.values(drawing.links).flatMap((link) => {
    const at = place(link);
    if (at === null || at < index) return [link];
    if (at === index) return [];
    return [side === INPUT ? { ...link, slot: at - 1 } : { ...link, input: String(at - 1) }];
  });
  return Object.fromEntries(links.map((link) => [link.id, link]));
}

/** A drawing whose instances of a subgraph have lost a socket. */
function withoutSocket(drawing: Drawing, id: string, side: Side, name: string, index: number): Drawing {
  const instances = new Set(
    Object.values(drawing.nodes)
      .filter((node) => node.type === id)
      .map((node) => node.id),
  );
  if (instances.size === 0) return drawing;
  const links = Object.values(drawing.links).flatMap((link): Link[] => {
    if (side === INPUT) return instances.has(link.to) && link.input === name ? [] : [link];
    if (!instances.has(link.from) || link.slot < index) return [link];
    return link.slot === index ? [] : [{ ...link, slot: link.slot - 1 }];
  });
  return { ...drawing, links: Object.fromEntries(links.map((link) => [link.id, link])) };
}

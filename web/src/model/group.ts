import { freeName } from "./border";
import { boundsOf } from "./box";
import type { Document, Drawing, GraphNode, Link, Socket, Subgraph } from "./document";
import { type Edit, freeId, newNode, putNode, remove } from "./edit";
import { INPUT, isBorder, OUTPUT, subgraphsOf } from "./focus";
import { enters, instanceInputs, proxiesOf, subgraphSpecs } from "./instance";
import { inputsOf } from "./shape";
import type { Catalogue, Spec } from "./spec";
import type { Value } from "./value";
import { connect, withLinks } from "./wire";

/** A wire of a drawing without an end of its own, and the border that it passes. */
interface Passage {
  readonly link: Link;
  readonly slot: number;
}

/** A document in which nodes were put into a subgraph, and the node that stands for it. */
export interface Grouped {
  readonly document: Document;
  readonly instance: string;
}

/** Put nodes into a subgraph of their own: wires to and from outside become its inputs and outputs. */
export function group(
  document: Document,
  chosen: readonly string[],
  id: string,
  name: string,
  catalogue: Catalogue,
): Grouped | null {
  const ids = new Set(chosen.filter((one) => document.nodes[one] && !isBorder(document.nodes[one])));
  const bounds = boundsOf(document, ids, catalogue);
  if (!bounds) return null;
  const links = Object.values(document.links);
  const coming = passages(links.filter((link) => ids.has(link.to) && !ids.has(link.from)));
  const going = passages(links.filter((link) => ids.has(link.from) && !ids.has(link.to)));
  const inputs = named(coming, (link) => entryOf(document, link, catalogue));
  const outputs = named(going, (link) => ({ name: link.output, type: link.type }));
  const kept = links.filter((link) => ids.has(link.to) && ids.has(link.from)).map(bare);
  const inner = {
    nodes: Object.fromEntries([...ids].map((one) => [one, document.nodes[one] as GraphNode])),
    links: Object.fromEntries(
      [...kept, ...inwards(coming), ...outwards(going)].map((link) => [link.id, link]),
    ),
    frames: {},
    points: {},
  };
  const box = (x: number) => ({ x, y: bounds.y, width: 130, height: 60 });
  const subgraph: Subgraph = {
    id,
    name,
    inputs,
    outputs,
    inputBox: box(bounds.x - 230),
    outputBox: box(bounds.x + bounds.width + 100),
    drawing: inner,
    rest: {},
  };
  return place({ document, ids, subgraph, coming, going, catalogue }, bounds);
}

/** Without the points that it passed: they stay outside. */
const bare = ({ via: _, ...link }: Link): Link => link;

/** Wires that begin at one output pass one border. */
function passages(links: readonly Link[]): Passage[] {
  const slots = new Map<string, number>();
  return links.map((link) => {
    const key = `${link.from} ${link.slot}`;
    const slot = slots.get(key) ?? slots.size;
    slots.set(key, slot);
    return { link, slot };
  });
}

function named(
  passing: readonly Passage[],
  socketOf: (link: Link) => Pick<Socket, "name" | "type">,
): Socket[] {
  const sockets: Socket[] = [];
  for (const { link, slot } of passing) {
    if (sockets[slot]) continue;
    const { name, type } = socketOf(link);
    sockets[slot] = { name: freeName(name, sockets), type };
  }
  return sockets;
}

function entryOf(document: Document, link: Link, catalogue: Catalogue): Pick<Socket, "name" | "type"> {
  const target = document.nodes[link.to];
  const entry = target && inputsOf(target, catalogue[target.type]).find((one) => one.name === link.input);
  const type = entry && entry.type !== "*" ? entry.type : link.type;
  return { name: link.input.slice(link.input.lastIndexOf(".") + 1), type };
}

const inwards = (coming: readonly Passage[]): Link[] =>
  coming.map(({ link, slot }) => ({ ...bare(link), from: INPUT, slot }));

function outwards(going: readonly Passage[]): Link[] {
  const seen = new Set<number>();
  return going.flatMap(({ link, slot }) => {
    if (seen.has(slot)) return [];
    seen.add(slot);
    return [{ ...bare(link), to: OUTPUT, input: String(slot) }];
  });
}

interface Placing {
  readonly document: Document;
  readonly ids: ReadonlySet<string>;
  readonly subgraph: Subgraph;
  readonly coming: readonly Passage[];
  readonly going: readonly Passage[];
  readonly catalogue: Catalogue;
}

function place(
  { document, ids, subgraph, coming, going, catalogue }: Placing,
  at: { x: number; y: number },
): Grouped {
  const known = { ...document, subgraphs: { ...document.subgraphs, [subgraph.id]: subgraph } };
  const spec = subgraphSpecs({ ...subgraphsOf(known) }, catalogue)[subgraph.id] as Spec;
  const instance = freeId(document);
  const bared = putNode(newNode(instance, spec, at))(remove(ids)(known));
  const laid: Record<number, Link> = { ...bared.links };
  const seen = new Set<number>();
  for (const { link, slot } of coming) {
    if (seen.has(slot)) continue;
    seen.add(slot);
    laid[link.id] = { ...link, to: instance, input: subgraph.inputs[slot]?.name ?? "" };
  }
  for (const { link, slot } of going)
    laid[link.id] = { ...link, from: instance, slot, output: subgraph.outputs[slot]?.name ?? "" };
  return { document: withLinks(bared, laid), instance };
}

/** A document in which a subgraph's nodes stand in place of the node that stood for it. */
export interface Unpacked {
  readonly document: Document;
  readonly nodes: string[];
  /** Where the values that were shown on the subgraph are now, by their names there. */
  readonly ends: ReadonlyMap<string, { readonly node: string; readonly input: string }>;
}

/** Put what is inside a subgraph in the place of a node that stands for it, with the values entered there. */
export function unpack(document: Document, instance: string, catalogue: Catalogue): Unpacked | null {
  const node = document.nodes[instance];
  const subgraph = node && subgraphsOf(document)[node.type];
  const spec = node && catalogue[node.type];
  if (!subgraph || !spec) return null;
  const { drawing } = subgraph;
  const corner = cornerOf(drawing);
  const [dx, dy] = [node.x - corner.x, node.y - corner.y];
  const ids = new Map<string, string>();
  let current = remove([instance])(document);
  for (const inner of Object.values(drawing.nodes)) {
    const id = freeId({ ...current, nodes: { ...current.nodes, [instance]: node } });
    ids.set(inner.id, id);
    current = putNode({
      ...inner,
      id,
      x: inner.x + dx,
      y: inner.y + dy,
      values: valuesOf(node, inner, subgraph, spec),
    })(current);
  }
  current = withFrames(current, drawing, dx, dy);
  for (const edit of wires(document, node, subgraph, ids, catalogue)) current = edit(current);
  const ends = new Map(
    entries(node, subgraph, spec).flatMap(({ name, ends: [end] }) => {
      const id = end && ids.get(end.node);
      return end && id !== undefined ? [[name, { node: id, input: end.input }] as const] : [];
    }),
  );
  return { document: forget(current, subgraph.id), nodes: [...ids.values()], ends };
}

function cornerOf(drawing: Drawing): { x: number; y: number } {
  const nodes = Object.values(drawing.nodes);
  if (nodes.length === 0) return { x: 0, y: 0 };
  return { x: Math.min(...nodes.map((one) => one.x)), y: Math.min(...nodes.map((one) => one.y)) };
}

/** What a node within holds, with what was entered for it at the instance. */
function valuesOf(
  instance: GraphNode,
  inner: GraphNode,
  subgraph: Subgraph,
  spec: Spec,
): GraphNode["values"] {
  const values: Record<string, Value> = { ...inner.values };
  for (const { name, ends } of entries(instance, subgraph, spec))
    for (const end of ends) {
      const value = instance.values[name];
      if (end.node === inner.id && value !== undefined) values[end.input] = value;
    }
  return values;
}

interface Entry {
  readonly name: string;
  readonly ends: readonly { node: string; input: string }[];
}

/** Which values of an instance go to which nodes within. */
function entries(instance: GraphNode, subgraph: Subgraph, spec: Spec): Entry[] {
  const proxies = proxiesOf(instance).filter(([, name]) => !name.startsWith("$$"));
  const borders = subgraph.inputs.map((one, slot) => ({
    name: one.name,
    ends: enters(subgraph, slot).map((link) => ({ node: link.to, input: link.input })),
  }));
  const shown = instanceInputs(instance, spec).filter((one) => one.widget);
  return shown.flatMap(({ name }): Entry[] => {
    const border = borders.find((one) => one.name === name);
    if (border) return [border];
    const proxy = proxies.find(([id, input]) => name === input || name === `${id}.${input}`);
    return proxy ? [{ name, ends: [{ node: proxy[0], input: proxy[1] }] }] : [];
  });
}

function withFrames(document: Document, drawing: Drawing, dx: number, dy: number): Document {
  const frames = { ...document.frames };
  for (const frame of Object.values(drawing.frames)) {
    let number = 1;
    while (`f${number}` in frames) number++;
    frames[`f${number}`] = { ...frame, id: `f${number}`, x: frame.x + dx, y: frame.y + dy };
  }
  return { ...document, frames };
}

/** The wires within, and those that passed the borders, laid from end to end. */
function wires(
  document: Document,
  instance: GraphNode,
  subgraph: Subgraph,
  ids: ReadonlyMap<string, string>,
  catalogue: Catalogue,
): Edit[] {
  const outside = Object.values(document.links);
  const begin = (link: Link): { node: string; slot: number } | null => {
    if (link.from !== INPUT) return { node: ids.get(link.from) ?? "", slot: link.slot };
    const name = subgraph.inputs[link.slot]?.name;
    const into = outside.find((one) => one.to === instance.id && one.input === name);
    return into ? { node: into.from, slot: into.slot } : null;
  };
  return Object.values(subgraph.drawing.links).flatMap((link) => {
    const from = begin(link);
    if (!from) return [];
    if (link.to !== OUTPUT) return [connect(from, ids.get(link.to) ?? "", link.input, catalogue)];
    return outside
      .filter((one) => one.from === instance.id && one.slot === Number(link.input))
      .map((one) => connect(from, one.to, one.input, catalogue));
  });
}

/** Take a subgraph out of the document when no node stands for it any more. */
function forget(document: Document, id: string): Document {
  const used = [document, document.home, ...Object.values(document.subgraphs).map((one) => one.drawing)].some(
    (drawing) => Object.values(drawing?.nodes ?? {}).some((node) => node.type === id),
  );
  if (used || id === document.inside) return document;
  const { [id]: _, ...subgraphs } = document.subgraphs;
  return { ...document, subgraphs };
}

/** Whether a value of a node can be shown on the subgraph that one is inside of. */
export const canPromote = (document: Document, id: string, input: string): boolean =>
  document.inside !== "" &&
  document.nodes[id] !== undefined &&
  !Object.values(document.links).some((link) => link.to === id && link.input === input);

/** Show a value of a node on the subgraph that one is inside of. */
export const promote =
  (id: string, input: string, catalogue: Catalogue): Edit =>
  (document) => {
    const slot = document.nodes[INPUT]?.outputs?.length;
    return slot === undefined || !canPromote(document, id, input)
      ? document
      : connect({ node: INPUT, slot }, id, input, catalogue)(document);
  };

/** Give a subgraph another name: that of all nodes that stand for it. */
export const renameSubgraph =
  (id: string, name: string): Edit =>
  (document) => {
    const found = document.subgraphs[id];
    if (!found || name === "" || found.name === name) return document;
    const renamed = { ...found, name };
    return { ...document, subgraphs: { ...document.subgraphs, [id]: renamed } };
  };

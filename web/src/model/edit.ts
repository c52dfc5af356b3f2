import { openBorders } from "./border";
import {
  type Control,
  type Document,
  type Frame,
  type GraphNode,
  type Link,
  linkInto,
  linksFrom,
  linksTo,
  type Mode,
  type Rest,
} from "./document";
import { isBorder } from "./focus";
import { noteWires } from "./grow";
import { HEADER, inputsOf, outputsOf, shapeOf, showsAdvanced, WIDE, WIDTH } from "./shape";
import { type Catalogue, fits, type InputSpec, type Spec } from "./spec";
import type { Value } from "./value";

/** A change of a document: gives a new one and leaves the old one as it is. */
export type Edit = (document: Document) => Document;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface End {
  readonly node: string;
  readonly slot: number;
}

/** An id that no node has yet, here or in a subgraph; a whole number, so that other programs can read the file. */
export function freeId(document: Document): string {
  let highest = 0;
  const drawings = [document, document.home, ...Object.values(document.subgraphs).map((one) => one.drawing)];
  for (const drawing of drawings) {
    for (const id of Object.keys(drawing?.nodes ?? {})) {
      const number = Number(id);
      if (Number.isSafeInteger(number) && number > highest) highest = number;
    }
  }
  return String(highest + 1);
}

const freeLink = (document: Pick<Document, "links">): number =>
  Object.keys(document.links).reduce((highest, id) => Math.max(highest, Number(id)), 0) + 1;

/** A new node of a type, whose title bar's corner is at a point. */
export function newNode(id: string, spec: Spec, at: Point): GraphNode {
  const wide = spec.inputs.some((one) => one.widget?.kind === "text" && one.widget.multiline);
  const node: GraphNode = {
    id,
    type: spec.id,
    title: "",
    x: Math.round(at.x),
    y: Math.round(at.y) + HEADER,
    width: wide ? WIDE + 70 : spec.inputs.some((one) => one.widget) ? WIDE : WIDTH,
    height: 0,
    mode: "run",
    values: {},
    controls: {},
    collapsed: false,
    pinned: false,
    color: "",
    rest: {},
  };
  return { ...node, height: shapeOf(node, spec).height - HEADER };
}

export const putNode =
  (node: GraphNode): Edit =>
  (document) => ({ ...document, nodes: { ...document.nodes, [node.id]: node } });

/** Change some nodes by one rule; what the rule leaves as it is stays the same object. */
export const changeNodes =
  (ids: Iterable<string>, change: (node: GraphNode) => GraphNode): Edit =>
  (document) => {
    let nodes: Record<string, GraphNode> | null = null;
    for (const id of ids) {
      const node = document.nodes[id];
      const next = node && change(node);
      if (!next || next === node) continue;
      nodes ??= { ...document.nodes };
      nodes[id] = next;
    }
    return nodes ? { ...document, nodes } : document;
  };

export const moveTo =
  (places: ReadonlyMap<string, Point>): Edit =>
  (document) =>
    changeNodes(places.keys(), (node) => {
      const place = places.get(node.id) as Point;
      return place.x === node.x && place.y === node.y ? node : { ...node, x: place.x, y: place.y };
    })(document);

export const moveBy = (ids: Iterable<string>, dx: number, dy: number): Edit =>
  changeNodes(ids, (node) => (node.pinned ? node : { ...node, x: node.x + dx, y: node.y + dy }));

export const setValue = (id: string, name: string, value: Value): Edit =>
  changeNodes([id], (node) =>
    node.values[name] === value ? node : { ...node, values: { ...node.values, [name]: value } },
  );

/** Choose what other inputs depend on: those that go take their values and wires along. */
export const choose =
  (id: string, name: string, value: Value, catalogue: Catalogue): Edit =>
  (document) => {
    const changed = setValue(id, name, value)(document);
    const node = changed.nodes[id];
    if (!node || changed === document) return document;
    const there = new Set(inputsOf(node, catalogue[node.type]).map((one) => one.name));
    const gone = (one: string) => one.startsWith(`${name}.`) && !there.has(one);
    const values = Object.fromEntries(Object.entries(node.values).filter(([one]) => !gone(one)));
    const controls = Object.fromEntries(Object.entries(node.controls).filter(([one]) => !gone(one)));
    const loose = linksTo(changed, id).filter((link) => gone(link.input));
    return cut(loose.map((link) => link.id))(putNode({ ...node, values, controls })(changed));
  };

/** Return an input to its default. */
export const clearValue = (id: string, name: string): Edit =>
  changeNodes([id], (node) => {
    if (!(name in node.values)) return node;
    const { [name]: _, ...values } = node.values;
    return { ...node, values };
  });

export const setControl = (id: string, name: string, control: Control): Edit =>
  changeNodes([id], (node) => ({ ...node, controls: { ...node.controls, [name]: control } }));

export const setTitle = (id: string, title: string): Edit =>
  changeNodes([id], (node) => ({ ...node, title }));

export const setColor = (ids: Iterable<string>, color: string): Edit =>
  changeNodes(ids, (node) => ({ ...node, color }));

/** Give nodes a mode, or take it from them when all have it. */
export const toggleMode =
  (ids: readonly string[], mode: Exclude<Mode, "run">): Edit =>
  (document) => {
    const all = ids.every((id) => document.nodes[id]?.mode === mode);
    return changeNodes(ids, (node) => ({ ...node, mode: all ? "run" : mode }))(document);
  };

export const toggleFlag =
  (ids: readonly string[], flag: "collapsed" | "pinned"): Edit =>
  (document) => {
    const all = ids.every((id) => document.nodes[id]?.[flag]);
    return changeNodes(ids, (node) => ({ ...node, [flag]: !all }))(document);
  };

export const toggleAdvanced = (id: string): Edit =>
  changeNodes([id], (node) => {
    const rest = { ...(node.rest.rest as Rest | undefined), showAdvanced: !showsAdvanced(node) };
    return { ...node, rest: { ...node.rest, rest } };
  });

export const resize = (id: string, x: number, y: number, width: number, height: number): Edit =>
  changeNodes([id], (node) => ({ ...node, x, y: y + HEADER, width, height: height - HEADER }));

/** Other wires; a node whose inputs grow with them knows of it. */
export const withLinks = (document: Document, links: Record<number, Link>): Document => ({
  ...document,
  links,
  nodes: noteWires(document.nodes, links),
});

/** Take wires away. */
export const cut =
  (ids: Iterable<number>): Edit =>
  (document) => {
    const links = { ...document.links };
    let changed = false;
    for (const id of ids) {
      if (!(id in links)) continue;
      delete links[id];
      changed = true;
    }
    return changed ? withLinks(document, links) : document;
  };

/** Take nodes and their wires away. */
export const remove =
  (ids: Iterable<string>): Edit =>
  (document) => {
    const nodes = { ...document.nodes };
    const loose: number[] = [];
    for (const id of ids) {
      if (nodes[id] && isBorder(nodes[id])) continue;
      delete nodes[id];
      for (const link of [...linksTo(document, id), ...linksFrom(document, id)]) loose.push(link.id);
    }
    const { links } = cut(loose)(document);
    return { ...document, links, nodes: noteWires(nodes, links) };
  };

/** Take nodes away and lead what came in on to where it fits. */
export const dissolve =
  (ids: readonly string[], catalogue: Catalogue): Edit =>
  (document) =>
    ids.reduce((current, id) => remove([id])(bridge(current, id, catalogue)), document);

function bridge(document: Document, id: string, catalogue: Catalogue): Document {
  const coming = linksTo(document, id);
  return linksFrom(document, id).reduce((current, link) => {
    const source = coming.find((one) => one.type === link.type);
    return source
      ? connect({ node: source.from, slot: source.slot }, link.to, link.input, catalogue)(current)
      : current;
  }, document);
}

/** Wire an output to an input; a wire that was there gives way. */
export const connect =
  (from: End, to: string, input: string, catalogue: Catalogue): Edit =>
  (document) => {
    const opened = openBorders(document, from, to, input, catalogue);
    const source = opened.nodes[from.node];
    const output = source && outputsOf(source, catalogue[source.type])[from.slot];
    if (!output || !opened.nodes[to]) return document;
    const old = linkInto(opened, to, input);
    if (old && old.from === from.node && old.slot === from.slot) return document;
    const id = freeLink(opened);
    const links = { ...opened.links };
    if (old) delete links[old.id];
    links[id] = {
      id,
      from: from.node,
      slot: from.slot,
      output: output.name,
      to,
      input,
      type: output.type,
      rest: {},
    };
    return withLinks(opened, links);
  };

/** Why a wire cannot be laid, or null when it can. */
export type Refusal =
  | { reason: "self" }
  | { reason: "cycle" }
  | { reason: "type"; gives: string; takes: string };

export function refusal(
  document: Document,
  from: End,
  to: string,
  input: string,
  catalogue: Catalogue,
): Refusal | null {
  const source = document.nodes[from.node];
  const target = document.nodes[to];
  const output = source && outputsOf(source, catalogue[source.type])[from.slot];
  const entry = target && inputsOf(target, catalogue[target.type]).find((one) => one.name === input);
  if (!output || !entry) return { reason: "type", gives: "?", takes: "?" };
  if (from.node === to) return { reason: "self" };
  if (!fits(output.type, entry.type)) return { reason: "type", gives: output.type, takes: entry.type };
  return reaches(document, to, from.node) ? { reason: "cycle" } : null;
}

/** Whether wires lead from one node to another. */
export function reaches(document: Document, from: string, to: string): boolean {
  const seen = new Set([from]);
  const stack = [from];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (id === to) return true;
    for (const link of linksFrom(document, id)) {
      if (!seen.has(link.to)) {
        seen.add(link.to);
        stack.push(link.to);
      }
    }
  }
  return false;
}

/** The input of a type that a wire of this type fits best: an exact match first, unwired ones before wired ones. */
export function inputFor(
  inputs: readonly InputSpec[],
  type: string,
  taken: (input: string) => boolean = () => false,
): InputSpec | undefined {
  const fitting = inputs.filter((one) => fits(type, one.type));
  const rank = (one: InputSpec) =>
    (one.type === type ? 0 : 4) + (one.widget ? 2 : 0) + (taken(one.name) ? 1 : 0);
  return fitting.sort((one, other) => rank(one) - rank(other))[0];
}

/** The output of a type that fits an input of this type best, or -1. */
export function outputFor(spec: Spec, type: string): number {
  const exact = spec.outputs.findIndex((one) => one.type === type);
  return exact >= 0 ? exact : spec.outputs.findIndex((one) => fits(one.type, type));
}

/** Put a node into a wire: what came goes into it, and what it makes goes on. */
export const insert =
  (node: string, link: Link, catalogue: Catalogue): Edit =>
  (document) => {
    const placed = document.nodes[node];
    const spec = catalogue[placed?.type ?? ""];
    const wanted = inputsOf(
      document.nodes[link.to] as GraphNode,
      catalogue[document.nodes[link.to]?.type ?? ""],
    );
    const taken = (input: string) => linkInto(document, node, input) !== undefined;
    const input = placed && spec && inputFor(inputsOf(placed, spec), link.type, taken);
    const slot = spec
      ? outputFor(spec, wanted.find((one) => one.name === link.input)?.type ?? link.type)
      : -1;
    if (!input || slot < 0 || taken(input.name)) return document;
    const first = connect({ node: link.from, slot: link.slot }, node, input.name, catalogue)(document);
    return connect({ node, slot }, link.to, link.input, catalogue)(first);
  };

/** Lead all wires of one output to another that gives the same. */
export const moveWires =
  (from: End, to: End, catalogue: Catalogue): Edit =>
  (document) =>
    linksFrom(document, from.node)
      .filter((link) => link.slot === from.slot && !refusal(document, to, link.to, link.input, catalogue))
      .reduce((current, link) => connect(to, link.to, link.input, catalogue)(current), document);

export const putFrame =
  (frame: Frame): Edit =>
  (document) => ({ ...document, frames: { ...document.frames, [frame.id]: frame } });

export const changeFrame =
  (id: string, change: Partial<Omit<Frame, "id">>): Edit =>
  (document) => {
    const frame = document.frames[id];
    return frame ? putFrame({ ...frame, ...change })(document) : document;
  };

export const removeFrames =
  (ids: Iterable<string>): Edit =>
  (document) => {
    const frames = { ...document.frames };
    for (const id of ids) delete frames[id];
    return { ...document, frames };
  };

export const freeFrame = (document: Document): string => {
  let number = Object.keys(document.frames).length + 1;
  while (`f${number}` in document.frames) number++;
  return `f${number}`;
};

/** A frame around nodes. */
export function frameAround(
  document: Document,
  ids: readonly string[],
  catalogue: Catalogue,
  title: string,
): Frame | null {
  const box = boundsOf(document, ids, catalogue);
  if (!box) return null;
  const edge = 20;
  const head = 36;
  return {
    id: freeFrame(document),
    title,
    x: box.x - edge,
    y: box.y - edge - head,
    width: box.width + 2 * edge,
    height: box.height + 2 * edge + head,
    color: "",
    rest: {},
  };
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** The box of a node, title bar included. */
export function boxOf(node: GraphNode, spec: Spec | undefined): Box {
  const shape = shapeOf(node, spec);
  return { x: node.x, y: node.y - HEADER, width: shape.width, height: shape.height };
}

/** The box around nodes, or null when there are none. */
export function boundsOf(document: Document, ids: Iterable<string>, catalogue: Catalogue): Box | null {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const id of ids) {
    const node = document.nodes[id];
    if (!node) continue;
    const box = boxOf(node, catalogue[node.type]);
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  return left > right ? null : { x: left, y: top, width: right - left, height: bottom - top };
}

/** The nodes that a frame carries: those whose middle stands in it. */
export function carried(document: Document, frame: Box, catalogue: Catalogue): string[] {
  return Object.values(document.nodes)
    .filter((node) => {
      const box = boxOf(node, catalogue[node.type]);
      const x = box.x + box.width / 2;
      const y = box.y + box.height / 2;
      return x >= frame.x && x <= frame.x + frame.width && y >= frame.y && y <= frame.y + frame.height;
    })
    .map((node) => node.id);
}

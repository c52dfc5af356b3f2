import {
  type Control,
  type Document,
  type GraphNode,
  linksFrom,
  linksTo,
  type Mode,
  type Rest,
} from "./document";
import { isBorder } from "./focus";
import { noteWires } from "./grow";
import { HEADER, inputsOf, shapeOf, showsAdvanced, WIDE, WIDTH } from "./shape";
import type { Catalogue, InputSpec, Spec } from "./spec";
import type { Value } from "./value";
import { connect, cut } from "./wire";

/** A change of a document: gives a new one and leaves the old one as it is. */
export type Edit = (document: Document) => Document;

export interface Point {
  readonly x: number;
  readonly y: number;
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
    values: bareValues(spec.inputs),
    controls: {},
    collapsed: false,
    pinned: false,
    color: "",
    rest: {},
  };
  return { ...node, height: shapeOf(node, spec).height - HEADER };
}

/** What a node must hold where the server has no value of its own: what its fields show at first. */
export const bareValues = (inputs: readonly InputSpec[]): Record<string, Value> =>
  Object.fromEntries(
    inputs.flatMap((one) => (one.bare && one.start !== undefined ? [[one.name, one.start]] : [])),
  );

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

/** Make nodes wider and taller, but no smaller than what is in them. */
export const resizeBy = (ids: Iterable<string>, dx: number, dy: number, catalogue: Catalogue): Edit =>
  changeNodes(ids, (node) => {
    if (node.pinned || node.collapsed) return node;
    const shape = shapeOf(node, catalogue[node.type]);
    return {
      ...node,
      width: Math.max(shape.minWidth, shape.width + dx),
      height: Math.max(shape.minHeight, shape.height + dy) - HEADER,
    };
  });

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
    const inputs = inputsOf(node, catalogue[node.type]);
    const there = new Set(inputs.map((one) => one.name));
    const gone = (one: string) => one.startsWith(`${name}.`) && !there.has(one);
    const brought = inputs.filter((one) => one.name.startsWith(`${name}.`));
    const kept = Object.fromEntries(Object.entries(node.values).filter(([one]) => !gone(one)));
    const values = { ...bareValues(brought), ...kept };
    const controls = Object.fromEntries(Object.entries(node.controls).filter(([one]) => !gone(one)));
    const loose = linksTo(changed, id).filter((link) => gone(link.input));
    return cut(loose.map((link) => link.id))(putNode({ ...node, values, controls })(changed));
  };

/** Return an input to its default. */
export const clearValue = (id: string, name: string, catalogue: Catalogue): Edit =>
  changeNodes([id], (node) => {
    if (!(name in node.values)) return node;
    const { [name]: _, ...values } = node.values;
    const own = bareValues(inputsOf(node, catalogue[node.type]).filter((one) => one.name === name));
    return { ...node, values: { ...values, ...own } };
  });

/** Return all inputs of nodes to their defaults. */
export const clearValues = (ids: readonly string[], catalogue: Catalogue): Edit =>
  changeNodes(ids, (node) => ({ ...node, values: bareValues(inputsOf(node, catalogue[node.type])) }));

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

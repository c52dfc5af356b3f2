import {
  type Control,
  type Document,
  type Drawing,
  EMPTY,
  type Frame,
  type GraphNode,
  type Link,
  type Mode,
  type Rest,
  type RoutePoint,
  type Socket,
  type Subgraph,
} from "./document";
import { changeDrawings, OUTPUT, whole } from "./focus";
import { noteWires } from "./grow";
import { socketsOf, subgraphSpecs } from "./instance";
import { passing } from "./route";
import type { Catalogue } from "./spec";
import { fromWire, type Json, toWire } from "./value";

type Tree = Record<string, Json>;

/** The document by name, as the server gives and takes it (`docs/document.md`). */
export interface Named {
  format: "safelight";
  version: 1;
  nodes: Json[];
  links: Json[];
  groups: Json[];
  [key: string]: Json;
}

const tree = (json: Json | undefined): Tree =>
  typeof json === "object" && json !== null && !Array.isArray(json) ? json : {};
const list = (json: Json | undefined): Json[] => (Array.isArray(json) ? json : []);
const text = (json: Json | undefined): string => (typeof json === "string" ? json : "");
const number = (json: Json | undefined, otherwise = 0): number =>
  typeof json === "number" ? json : otherwise;

/** Read a document by name. */
export function fromNamed(named: Tree): Document {
  const {
    nodes: _n,
    links: _l,
    groups: _g,
    reroutes: _r,
    subgraphs,
    format: _f,
    version: _v,
    ...kept
  } = named;
  const inner = Object.fromEntries(
    list(subgraphs)
      .map((one) => readSubgraph(tree(one)))
      .map((one) => [one.id, one]),
  );
  const read: Document = { ...EMPTY, ...readDrawing(named), subgraphs: inner };
  return {
    ...changeDrawings(read, (drawing) => withoutNulls(drawing, inner)),
    kept: {
      ...kept,
      ...(subgraphs === undefined ? {} : { subgraphs: true }),
      ...(named.reroutes === undefined ? {} : { reroutes: true }),
    },
  };
}

/** A list of values has null for what was never entered on a subgraph: what is within counts there. */
function withoutNulls(drawing: Drawing, subgraphs: Document["subgraphs"]): Drawing {
  const bared = Object.values(drawing.nodes).flatMap((node): [string, GraphNode][] => {
    if (!(node.type in subgraphs) || !Object.values(node.values).includes(null)) return [];
    const values = Object.fromEntries(Object.entries(node.values).filter(([, value]) => value !== null));
    return [[node.id, { ...node, values }]];
  });
  return bared.length === 0
    ? drawing
    : { ...drawing, nodes: { ...drawing.nodes, ...Object.fromEntries(bared) } };
}

function readDrawing({ nodes, links, groups, reroutes }: Tree): Drawing {
  const read = list(nodes).map((one) => readNode(tree(one)));
  const laid = list(links).map((one) => readLink(tree(one)));
  const boxes = list(groups).map((one, index) => readFrame(tree(one), `f${index + 1}`));
  const points = list(reroutes).map((one) => readPoint(tree(one)));
  const wires = Object.fromEntries(laid.map((one) => [one.id, one]));
  return {
    nodes: noteWires(Object.fromEntries(read.map((one) => [one.id, one])), wires),
    links: wires,
    frames: Object.fromEntries(boxes.map((one) => [one.id, one])),
    points: Object.fromEntries(points.map((one) => [one.id, one])),
  };
}

function readSubgraph(json: Tree): Subgraph {
  const { id, name, inputs, outputs, input_box, output_box, nodes, links, groups, reroutes, ...rest } = json;
  return {
    id: String(id),
    name: text(name),
    inputs: list(inputs) as unknown as Socket[],
    outputs: list(outputs) as unknown as Socket[],
    inputBox: readBox(input_box),
    outputBox: readBox(output_box),
    drawing: readDrawing({
      nodes: nodes ?? [],
      links: links ?? [],
      groups: groups ?? [],
      reroutes: reroutes ?? [],
    }),
    rest,
  };
}

function readBox(json: Json | undefined): Subgraph["inputBox"] {
  const [x = 0, y = 0, width = 0, height = 0] = list(json).map((one) => number(one));
  return { x, y, width, height };
}

function readPoint(json: Tree): RoutePoint {
  const { id, pos, parent, links, ...rest } = json;
  return {
    id: number(id),
    x: number(list(pos)[0]),
    y: number(list(pos)[1]),
    parent: typeof parent === "number" ? parent : null,
    told: list(links).map((one) => number(one)),
    rest,
  };
}

function readNode(json: Tree): GraphNode {
  const { id, type, title, pos, size, mode, inputs, outputs, values, controls, unnamed, ...rest } = json;
  const flags = tree(rest.flags);
  return {
    id: String(id),
    type: text(type),
    title: text(title),
    x: number(list(pos)[0]),
    y: number(list(pos)[1]),
    width: number(list(size)[0], 210),
    height: number(list(size)[1], 0),
    mode: (text(mode) || "run") as Mode,
    values: tree(fromWire(values ?? {}) as Json) as GraphNode["values"],
    controls: tree(controls) as Record<string, Control>,
    collapsed: flags.collapsed === true,
    pinned: flags.pinned === true,
    color: text(rest.color),
    ...(inputs === undefined ? {} : { inputs: list(inputs) as unknown as Socket[] }),
    ...(outputs === undefined ? {} : { outputs: list(outputs) as unknown as Socket[] }),
    ...(unnamed === undefined ? {} : { unnamed: list(fromWire(unnamed) as Json) }),
    rest,
  };
}

function readLink(json: Tree): Link {
  const { id, from, slot, output, to, input, type, place, reroute, ...rest } = json;
  return {
    id: number(id),
    from: String(from),
    slot: number(slot),
    output: text(output),
    to: String(to),
    input: to === OUTPUT && typeof place === "number" ? String(place) : text(input),
    type: String(type ?? "*"),
    ...(typeof reroute === "number" ? { via: reroute } : {}),
    rest,
  };
}

function readFrame(json: Tree, id: string): Frame {
  const { title, box, color, ...rest } = json;
  const [x, y, width, height] = list(box).map((one) => number(one));
  return {
    id,
    title: text(title),
    x: x ?? 0,
    y: y ?? 0,
    width: width ?? 200,
    height: height ?? 120,
    color: text(color),
    rest,
  };
}

/** Write a document by name; the catalogue tells which sockets of new subgraphs stand for values. */
export function toNamed(document: Document, catalogue: Catalogue = {}): Named {
  const outer = whole(document);
  const specs = subgraphSpecs(outer.subgraphs, catalogue);
  const { reroutes: hadPoints, subgraphs: hadSubgraphs, ...kept } = outer.kept;
  const subgraphs = Object.values(outer.subgraphs).map((one) => writeSubgraph(one, outer.subgraphs, specs));
  const { reroutes, ...drawn } = writeDrawing(outer, outer.subgraphs, specs);
  return {
    ...kept,
    format: "safelight",
    version: 1,
    ...drawn,
    ...(hadPoints || reroutes.length > 0 ? { reroutes } : {}),
    ...(hadSubgraphs || subgraphs.length > 0 ? { subgraphs } : {}),
  };
}

type Drawn = Record<"nodes" | "links" | "groups" | "reroutes", Json[]>;

function writeDrawing(
  drawing: Drawing,
  subgraphs: Document["subgraphs"],
  specs: Catalogue,
  outputs: readonly Socket[] = [],
): Drawn {
  const passed = passing(drawing);
  return {
    nodes: Object.values(drawing.nodes).map((node) => {
      const subgraph = subgraphs[node.type];
      const spec = specs[node.type];
      return writeNode(subgraph && spec ? { ...node, ...socketsOf(node, subgraph, spec) } : node);
    }),
    links: Object.values(drawing.links).map((link) => writeLink(link, drawing, outputs)),
    groups: Object.values(drawing.frames).map(writeFrame),
    reroutes: Object.values(drawing.points).flatMap((point) => writePoint(point, drawing, passed)),
  };
}

function writeSubgraph(subgraph: Subgraph, subgraphs: Document["subgraphs"], specs: Catalogue): Json {
  const box = ({ x, y, width, height }: Subgraph["inputBox"]) => [x, y, width, height];
  return {
    ...subgraph.rest,
    id: subgraph.id,
    name: subgraph.name,
    inputs: subgraph.inputs as unknown as Json,
    outputs: subgraph.outputs as unknown as Json,
    input_box: box(subgraph.inputBox),
    output_box: box(subgraph.outputBox),
    ...writeDrawing(subgraph.drawing, subgraphs, specs, subgraph.outputs),
  };
}

/** A point that wires still pass; those that the file said to pass it come first, in its order. */
function writePoint(
  point: RoutePoint,
  drawing: Drawing,
  passed: ReadonlyMap<number, readonly number[]>,
): Json[] {
  const now = passed.get(point.id) ?? [];
  const told = point.told.filter((id) => id in drawing.links);
  const links = [...told, ...now.filter((id) => !told.includes(id))];
  if (links.length === 0 && point.told.length > 0) return [];
  return [{ ...point.rest, id: point.id, pos: [point.x, point.y], links, parent: point.parent }];
}

/** Colour and flags as they came where they still say the same, so that what was not changed stays as it was. */
function lookOf(node: GraphNode): Tree {
  const out: Tree = { ...node.rest };
  const flags: Tree = { ...tree(out.flags) };
  mark(flags, "collapsed", node.collapsed);
  mark(flags, "pinned", node.pinned);
  if (out.flags !== undefined || Object.keys(flags).length > 0) out.flags = flags;
  if (node.color !== text(out.color)) {
    delete out.bgcolor;
    delete out.color;
    if (node.color) out.color = node.color;
  }
  return out;
}

function mark(into: Tree, key: string, value: boolean): void {
  if (value) into[key] = true;
  else if (into[key] === true) delete into[key];
}

function writeNode(node: GraphNode): Json {
  return {
    ...lookOf(node),
    id: node.id,
    type: node.type,
    title: node.title,
    pos: [node.x, node.y],
    size: [node.width, node.height],
    mode: node.mode,
    ...(node.inputs ? { inputs: node.inputs as unknown as Json } : {}),
    ...(node.outputs ? { outputs: node.outputs as unknown as Json } : {}),
    values: toWire(node.values as never),
    ...(Object.keys(node.controls).length > 0 ? { controls: node.controls } : {}),
    ...(node.unnamed ? { unnamed: toWire(node.unnamed as never) } : {}),
  } as Json;
}

const writeLink = (link: Link, drawing: Drawing, outputs: readonly Socket[]): Json => ({
  ...(link.rest as Rest),
  id: link.id,
  from: link.from,
  slot: link.slot,
  output: link.output,
  to: link.to,
  ...(link.to === OUTPUT && !drawing.nodes[OUTPUT]
    ? { input: outputs[Number(link.input)]?.name ?? "", place: Number(link.input) }
    : { input: link.input }),
  type: link.type,
  ...(link.via !== undefined && drawing.points[link.via] ? { reroute: link.via } : {}),
});

const writeFrame = (frame: Frame): Json => ({
  ...(frame.rest as Rest),
  title: frame.title,
  box: [frame.x, frame.y, frame.width, frame.height],
  ...(frame.color ? { color: frame.color } : {}),
});

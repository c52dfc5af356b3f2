import type { Control, Document, Frame, GraphNode, Link, Mode, Rest, Socket } from "./document";
import { noteWires } from "./grow";
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
  const { nodes, links, groups, format: _f, version: _v, ...kept } = named;
  const read = list(nodes).map((one) => readNode(tree(one)));
  const laid = list(links).map((one) => readLink(tree(one)));
  const boxes = list(groups).map((one, index) => readFrame(tree(one), `f${index + 1}`));
  const wires = Object.fromEntries(laid.map((one) => [one.id, one]));
  return {
    nodes: noteWires(Object.fromEntries(read.map((one) => [one.id, one])), wires),
    links: wires,
    frames: Object.fromEntries(boxes.map((one) => [one.id, one])),
    kept,
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
  const { id, from, slot, output, to, input, type, place: _, ...rest } = json;
  return {
    id: number(id),
    from: String(from),
    slot: number(slot),
    output: text(output),
    to: String(to),
    input: text(input),
    type: String(type ?? "*"),
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

/** Write a document by name. */
export function toNamed(document: Document): Named {
  const alive = new Set(Object.values(document.links).map((link) => link.id));
  const reroutes = list(document.kept.reroutes).map((one) => {
    const point = tree(one);
    return { ...point, links: list(point.links).filter((id) => alive.has(number(id))) };
  });
  return {
    ...document.kept,
    ...(document.kept.reroutes === undefined ? {} : { reroutes }),
    format: "safelight",
    version: 1,
    nodes: Object.values(document.nodes).map(writeNode),
    links: Object.values(document.links).map(writeLink),
    groups: Object.values(document.frames).map(writeFrame),
  };
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

const writeLink = (link: Link): Json => ({
  ...(link.rest as Rest),
  id: link.id,
  from: link.from,
  slot: link.slot,
  output: link.output,
  to: link.to,
  input: link.input,
  type: link.type,
});

const writeFrame = (frame: Frame): Json => ({
  ...(frame.rest as Rest),
  title: frame.title,
  box: [frame.x, frame.y, frame.width, frame.height],
  ...(frame.color ? { color: frame.color } : {}),
});

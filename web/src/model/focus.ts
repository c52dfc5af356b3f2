import type { Document, Drawing, GraphNode, Subgraph } from "./document";
import { HEADER } from "./shape";

/** The ids of the two boxes that stand for a subgraph's own inputs and outputs while one is inside it. */
export const INPUT = "input";
export const OUTPUT = "output";
export const BORDERS: Readonly<Record<string, string>> = { [INPUT]: "$input", [OUTPUT]: "$output" };
export const isBorder = (node: Pick<GraphNode, "type">): boolean =>
  node.type === BORDERS[INPUT] || node.type === BORDERS[OUTPUT];

const WIDE = 130;
const views = new WeakMap<Subgraph, Drawing>();

/** What is inside a subgraph, with a box for its inputs and one for its outputs. */
export function viewOf(subgraph: Subgraph): Drawing {
  const known = views.get(subgraph);
  if (known) return known;
  const { drawing } = subgraph;
  const nodes = { ...drawing.nodes, [INPUT]: border(subgraph, INPUT), [OUTPUT]: border(subgraph, OUTPUT) };
  const view = { ...drawing, nodes };
  views.set(subgraph, view);
  return view;
}

function border(subgraph: Subgraph, id: typeof INPUT | typeof OUTPUT): GraphNode {
  const told = id === INPUT ? subgraph.inputBox : subgraph.outputBox;
  const box = told.width > 0 ? told : beside(subgraph.drawing, id);
  const sockets =
    id === INPUT ? { inputs: [], outputs: subgraph.inputs } : { inputs: subgraph.outputs, outputs: [] };
  return {
    id,
    type: BORDERS[id] as string,
    title: "",
    x: box.x,
    y: box.y + HEADER,
    width: Math.max(WIDE, box.width),
    height: 0,
    mode: "run",
    values: {},
    controls: {},
    collapsed: false,
    pinned: false,
    color: "",
    ...sockets,
    rest: {},
  };
}

/** Where a border stands that a file gives no place: left or right of all nodes. */
function beside(drawing: Drawing, id: string): { x: number; y: number; width: number } {
  const nodes = Object.values(drawing.nodes);
  const y = Math.min(...nodes.map((one) => one.y), Number.MAX_SAFE_INTEGER) - HEADER;
  if (nodes.length === 0) return { x: id === INPUT ? 0 : 500, y: 0, width: WIDE };
  const x =
    id === INPUT
      ? Math.min(...nodes.map((one) => one.x)) - WIDE - 100
      : Math.max(...nodes.map((one) => one.x + one.width)) + 100;
  return { x, y, width: WIDE };
}

const drawingOf = ({ nodes, links, frames, points }: Drawing): Drawing => ({ nodes, links, frames, points });

const isSame = (one: Drawing, other: Drawing): boolean =>
  one.nodes === other.nodes &&
  one.links === other.links &&
  one.frames === other.frames &&
  one.points === other.points;

/** The subgraph that is looked into as it is now; the same object when nothing in it was changed. */
function packed(document: Document, was: Subgraph): Subgraph {
  const before = viewOf(was);
  if (isSame(before, document)) return was;
  const { [INPUT]: input, [OUTPUT]: output, ...nodes } = document.nodes;
  const place = (now: GraphNode | undefined, id: string, box: Subgraph["inputBox"]) =>
    !now || now === before.nodes[id] || (now.x === before.nodes[id]?.x && now.y === before.nodes[id]?.y)
      ? box
      : { x: now.x, y: now.y - HEADER, width: box.width || WIDE, height: box.height || 60 };
  return {
    ...was,
    inputs: input?.outputs ?? was.inputs,
    outputs: output?.inputs ?? was.outputs,
    inputBox: place(input, INPUT, was.inputBox),
    outputBox: place(output, OUTPUT, was.outputBox),
    drawing: { ...drawingOf(document), nodes },
  };
}

/** All subgraphs as they are now. */
export function subgraphsOf(document: Document): Document["subgraphs"] {
  const was = document.subgraphs[document.inside];
  if (!was) return document.subgraphs;
  const now = packed(document, was);
  return now === was ? document.subgraphs : { ...document.subgraphs, [was.id]: now };
}

/** The document seen from outside of all its subgraphs. */
export function whole(document: Document): Document {
  if (!document.home) return document;
  const subgraphs = subgraphsOf(document);
  return { ...document, ...document.home, subgraphs, path: [], inside: "", home: null };
}

/** The subgraph to which a way of node ids leads, from the outside of a document. */
export function at(document: Document, path: readonly string[]): Subgraph | null {
  const outer = whole(document);
  let drawing: Drawing = outer;
  let found: Subgraph | null = null;
  for (const id of path) {
    found = outer.subgraphs[drawing.nodes[id]?.type ?? ""] ?? null;
    if (!found) return null;
    drawing = found.drawing;
  }
  return found;
}

/** The document seen from inside the subgraph to which a way leads; from outside where it leads nowhere. */
export function look(document: Document, path: readonly string[]): Document {
  const outer = whole(document);
  const found = at(outer, path);
  if (!found) return outer;
  return { ...outer, ...viewOf(found), path, inside: found.id, home: drawingOf(outer) };
}

/** Whether two documents say the same, wherever they are looked at from. */
export function isSameDocument(one: Document, other: Document): boolean {
  if (one === other) return true;
  const [a, b] = [whole(one), whole(other)];
  const ids = Object.keys(a.subgraphs);
  return (
    isSame(a, b) &&
    a.kept === b.kept &&
    ids.length === Object.keys(b.subgraphs).length &&
    ids.every((id) => a.subgraphs[id] === b.subgraphs[id])
  );
}

/** Change each drawing of a document by one rule: what is looked at, what is outside, and all subgraphs. */
export function changeDrawings(document: Document, change: (drawing: Drawing) => Drawing): Document {
  let next = { ...document, ...change(drawingOf(document)) };
  if (isSame(next, document)) next = document;
  if (next.home) {
    const home = change(next.home);
    if (!isSame(home, next.home)) next = { ...next, home };
  }
  for (const subgraph of Object.values(next.subgraphs)) {
    if (subgraph.id === document.inside) continue;
    const drawing = change(subgraph.drawing);
    if (!isSame(drawing, subgraph.drawing))
      next = { ...next, subgraphs: { ...next.subgraphs, [subgraph.id]: { ...subgraph, drawing } } };
  }
  return next;
}

/** All nodes of a document, with the ids by which a run calls them; a node of a subgraph once for each instance. */
export function everyNode(document: Document): Map<string, GraphNode> {
  const outer = whole(document);
  const found = new Map<string, GraphNode>();
  const collect = (nodes: Drawing["nodes"], prefix: string, above: readonly string[]) => {
    for (const node of Object.values(nodes)) {
      found.set(prefix + node.id, node);
      const inner = outer.subgraphs[node.type];
      if (inner && !above.includes(inner.id))
        collect(inner.drawing.nodes, `${prefix}${node.id}:`, [...above, inner.id]);
    }
  };
  collect(outer.nodes, "", []);
  return found;
}

/** The node that a run calls so: an id, or the way to a node within a subgraph. */
export function findNode(document: Document, id: string): GraphNode | null {
  const way = id.split(":");
  const last = way.pop() ?? "";
  const drawing = way.length === 0 ? whole(document) : at(document, way)?.drawing;
  return drawing?.nodes[last] ?? null;
}

/** Whether a subgraph is or holds another. */
export function holds(document: Document, outer: string, inner: string): boolean {
  if (outer === inner) return true;
  const found = document.subgraphs[outer];
  return (
    found !== undefined &&
    Object.values(found.drawing.nodes).some((node) => holds(document, node.type, inner))
  );
}

/** Call a subgraph otherwise, wherever it stands. */
export function renameSubgraph(document: Document, id: string, name: string): Document {
  const found = document.subgraphs[id];
  if (!found || name === "" || found.name === name) return document;
  return { ...document, subgraphs: { ...document.subgraphs, [id]: { ...found, name } } };
}

import { type Document, EMPTY, type GraphNode, linkInto, type Subgraph } from "./document";
import { type Edit, freeId, type Point, putNode } from "./edit";
import { fromNamed, type Named, toNamed } from "./file";
import { holds, isBorder, subgraphsOf } from "./focus";
import { freeFrame, putFrame } from "./frame";
import type { Catalogue } from "./spec";
import type { Json } from "./value";
import { connect } from "./wire";

/** Nodes, frames and the wires of the nodes as text; those that come from outside too. */
export function copy(document: Document, nodes: readonly string[], frames: readonly string[]): string {
  const chosen = new Set(nodes);
  const part: Document = {
    ...EMPTY,
    nodes: Object.fromEntries(nodes.map((id) => [id, document.nodes[id] as GraphNode])),
    links: Object.fromEntries(
      Object.values(document.links)
        .filter((link) => chosen.has(link.to))
        .map((link) => [link.id, link]),
    ),
    frames: Object.fromEntries(
      frames.flatMap((id) => (document.frames[id] ? [[id, document.frames[id]]] : [])),
    ),
    subgraphs: usedBy(document, nodes),
  };
  return JSON.stringify({ ...toNamed(part), clip: true }, null, 1);
}

/** The subgraphs that nodes stand for, and those within. */
function usedBy(document: Document, ids: readonly string[]): Document["subgraphs"] {
  const all = subgraphsOf(document);
  const found: Record<string, Subgraph> = {};
  const collect = (type: string) => {
    const subgraph = all[type];
    if (!subgraph || found[type]) return;
    found[type] = subgraph;
    for (const node of Object.values(subgraph.drawing.nodes)) collect(node.type);
  };
  for (const id of ids) collect(document.nodes[id]?.type ?? "");
  return found;
}

/** What a text holds, or null when it is no copy of nodes. */
export function readCopy(text: string): Document | null {
  if (!text.trimStart().startsWith("{")) return null;
  try {
    const named = JSON.parse(text) as Record<string, Json>;
    return named.format === "safelight" && named.clip === true ? fromNamed(named as Named) : null;
  } catch {
    return null;
  }
}

export interface Pasted {
  readonly document: Document;
  readonly nodes: string[];
  readonly frames: string[];
  /** What became of each node, by the id that it has in the copy. */
  readonly ids: ReadonlyMap<string, string>;
}

/** Put copied nodes down with their upper left corner at a point; wires from outside are laid again when asked. */
export function paste(
  document: Document,
  clip: Document,
  at: Point,
  catalogue: Catalogue,
  outside: boolean,
): Pasted {
  const origin = cornerOf(clip);
  const dx = Math.round(at.x - origin.x);
  const dy = Math.round(at.y - origin.y);
  const ids = new Map<string, string>();
  let current: Document = { ...document, subgraphs: { ...clip.subgraphs, ...document.subgraphs } };
  for (const node of Object.values(clip.nodes)) {
    // A subgraph cannot stand within itself, and its borders cannot be there twice.
    if (isBorder(node) || (document.inside && holds(current, node.type, document.inside))) continue;
    const id = freeId(current);
    ids.set(node.id, id);
    current = putNode({ ...node, id, x: node.x + dx, y: node.y + dy })(current);
  }
  const frames: string[] = [];
  for (const frame of Object.values(clip.frames)) {
    const id = freeFrame(current);
    frames.push(id);
    current = putFrame({ ...frame, id, x: frame.x + dx, y: frame.y + dy })(current);
  }
  current = wires(clip, ids, outside, catalogue).reduce((made, edit) => edit(made), current);
  return { document: current, nodes: [...ids.values()], frames, ids };
}

function wires(clip: Document, ids: Map<string, string>, outside: boolean, catalogue: Catalogue): Edit[] {
  return Object.values(clip.links).flatMap((link) => {
    const to = ids.get(link.to);
    const inside = ids.get(link.from);
    if (to === undefined) return [];
    const from = inside ?? link.from;
    const edit: Edit = (document) =>
      (inside !== undefined || outside) && document.nodes[from] && !linkInto(document, to, link.input)
        ? connect({ node: from, slot: link.slot }, to, link.input, catalogue)(document)
        : document;
    return [edit];
  });
}

function cornerOf(clip: Document): Point {
  const all: Point[] = [...Object.values(clip.nodes), ...Object.values(clip.frames)];
  return { x: Math.min(...all.map((one) => one.x)), y: Math.min(...all.map((one) => one.y)) };
}

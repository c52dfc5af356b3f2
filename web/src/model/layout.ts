import { boxOf } from "./box";
import { type Document, linksFrom, linksTo } from "./document";
import type { Point } from "./edit";
import { HEADER } from "./shape";
import type { Catalogue } from "./spec";

const ACROSS = 80;
const DOWN = 40;
const SWEEPS = 6;

/**
 * Places for nodes in layers from left to right: each stands right of all that it takes from, and within a layer at
 * the height of its neighbours. Nodes without wires to one another stand below, those of one rank in the whole graph
 * one under the other.
 */
export function tidy(document: Document, ids: readonly string[], catalogue: Catalogue): Map<string, Point> {
  const chosen = new Set(ids.filter((id) => document.nodes[id] && !document.nodes[id]?.pinned));
  const corner = cornerOf(document, chosen);
  const wired = [...chosen].filter((id) => neighbours(document, id, chosen).length > 0);
  const loose = [...chosen].filter((id) => !wired.includes(id));
  const layers = layered(document, wired, chosen);
  for (let sweep = 0; sweep < SWEEPS; sweep++) arrange(document, layers, chosen, sweep % 2 === 0);
  return place(document, catalogue, layers, columnsOf(document, loose), corner);
}

/** Nodes that have wires to others alone, by their layers in the whole graph; such without any each by itself. */
function columnsOf(document: Document, loose: readonly string[]): string[][] {
  const wired = loose.filter((id) => linksTo(document, id).length + linksFrom(document, id).length > 0);
  const among = new Set(wired);
  const columns =
    wired.length > 1 ? layersOf(document).map((layer) => layer.filter((id) => among.has(id))) : [wired];
  const alone = loose.filter((id) => !among.has(id)).map((id) => [id]);
  return [...columns.filter((column) => column.length > 0), ...alone];
}

const neighbours = (document: Document, id: string, chosen: Set<string>): string[] => [
  ...linksTo(document, id)
    .map((link) => link.from)
    .filter((one) => chosen.has(one)),
  ...linksFrom(document, id)
    .map((link) => link.to)
    .filter((one) => chosen.has(one)),
];

function cornerOf(document: Document, ids: Set<string>): Point {
  let x = Number.POSITIVE_INFINITY;
  let y = Number.POSITIVE_INFINITY;
  for (const id of ids) {
    x = Math.min(x, document.nodes[id]?.x ?? x);
    y = Math.min(y, document.nodes[id]?.y ?? y);
  }
  return { x, y };
}

/** The nodes of a graph in layers, each after all that it takes from; in a layer from top to bottom. */
export function layersOf(document: Document): string[][] {
  const all = Object.keys(document.nodes);
  return layered(document, all, new Set(all));
}

/** The longest way to each node; a source then moves right, next to the first that takes from it. */
function layered(document: Document, ids: string[], chosen: Set<string>): string[][] {
  const rank = new Map<string, number>();
  for (const id of inOrder(document, ids, chosen)) {
    const before = linksTo(document, id).filter((link) => chosen.has(link.from));
    rank.set(id, Math.max(0, ...before.map((link) => (rank.get(link.from) ?? 0) + 1)));
  }
  for (const id of ids) {
    const after = linksFrom(document, id).filter((link) => chosen.has(link.to));
    const source = linksTo(document, id).every((link) => !chosen.has(link.from));
    if (source && after.length > 0)
      rank.set(id, Math.min(...after.map((link) => rank.get(link.to) ?? 1)) - 1);
  }
  const layers: string[][] = [];
  const sorted = [...ids].sort(
    (one, other) => (document.nodes[one]?.y ?? 0) - (document.nodes[other]?.y ?? 0),
  );
  for (const id of sorted) {
    const layer = Math.max(0, rank.get(id) ?? 0);
    layers[layer] = [...(layers[layer] ?? []), id];
  }
  return [...layers].map((layer) => layer ?? []);
}

/** Nodes so that each comes after what it takes from; what stands in a cycle comes last. */
function inOrder(document: Document, ids: string[], chosen: Set<string>): string[] {
  const waiting = new Map(
    ids.map((id) => [id, linksTo(document, id).filter((link) => chosen.has(link.from)).length]),
  );
  const ready = ids.filter((id) => waiting.get(id) === 0);
  const order: string[] = [];
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    order.push(id);
    for (const link of linksFrom(document, id)) {
      if (!waiting.has(link.to)) continue;
      const left = (waiting.get(link.to) ?? 0) - 1;
      waiting.set(link.to, left);
      if (left === 0) ready.push(link.to);
    }
  }
  const placed = new Set(order);
  return [...order, ...ids.filter((id) => !placed.has(id))];
}

function arrange(document: Document, layers: string[][], chosen: Set<string>, forwards: boolean): void {
  const place = new Map<string, number>();
  const number = (layer: string[]) => {
    for (const [index, id] of layer.entries()) place.set(id, index / Math.max(1, layer.length));
  };
  for (const layer of layers) number(layer);
  for (const layer of forwards ? layers : [...layers].reverse()) {
    const middle = new Map(layer.map((id) => [id, barycentre(document, id, chosen, place, forwards)]));
    layer.sort((one, other) => (middle.get(one) ?? 0) - (middle.get(other) ?? 0));
    number(layer);
  }
}

function barycentre(
  document: Document,
  id: string,
  chosen: Set<string>,
  place: Map<string, number>,
  forwards: boolean,
): number {
  const links = forwards ? linksTo(document, id) : linksFrom(document, id);
  const ends = links.map((link) => (forwards ? link.from : link.to)).filter((one) => chosen.has(one));
  if (ends.length === 0) return place.get(id) ?? 0;
  return ends.reduce((sum, one) => sum + (place.get(one) ?? 0), 0) / ends.length;
}

function place(
  document: Document,
  catalogue: Catalogue,
  layers: string[][],
  columns: string[][],
  corner: Point,
): Map<string, Point> {
  const places = new Map<string, Point>();
  const size = (id: string) => {
    const node = document.nodes[id];
    return node ? boxOf(node, catalogue[node.type]) : { width: 0, height: 0 };
  };
  let x = corner.x;
  let lowest = corner.y;
  for (const layer of layers) {
    let y = corner.y;
    for (const id of layer) {
      places.set(id, { x, y });
      y += size(id).height + DOWN;
    }
    lowest = Math.max(lowest, y);
    if (layer.length > 0) x += Math.max(...layer.map((id) => size(id).width)) + ACROSS;
  }
  x = corner.x;
  for (const column of columns) {
    let y = layers.length > 0 ? lowest + HEADER : corner.y;
    for (const id of column) {
      places.set(id, { x, y });
      y += size(id).height + DOWN;
    }
    x += Math.max(...column.map((id) => size(id).width)) + DOWN;
  }
  return places;
}

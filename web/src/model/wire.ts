import { openBorders } from "./border";
import { type Document, type GraphNode, type Link, linkInto, linksFrom } from "./document";
import type { Edit } from "./edit";
import { noteWires } from "./grow";
import { inputsOf, outputsOf } from "./shape";
import { type Catalogue, fits, type InputSpec, type Spec } from "./spec";

export interface End {
  readonly node: string;
  readonly slot: number;
}

const freeLink = (document: Pick<Document, "links">): number =>
  Object.keys(document.links).reduce((highest, id) => Math.max(highest, Number(id)), 0) + 1;

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

import { type Document, type Link, linksFrom, linksTo } from "./document";
import { outputsOf } from "./shape";
import { type Source, sourceOf } from "./source";
import type { Catalogue } from "./spec";

/** A socket of a node through which something goes: a wired input, or an output. */
export interface Socketed {
  readonly output: boolean;
  readonly name: string;
  readonly type: string;
  /** Where that is made which goes through it; null where nothing comes. */
  readonly source: Source | null;
  /** The other ends of its wires. */
  readonly others: readonly { readonly node: string; readonly name: string }[];
}

/** All of a node through which something goes, inputs first. */
export function endsOf(document: Document, id: string, catalogue: Catalogue): Socketed[] {
  const node = document.nodes[id];
  if (!node) return [];
  const inputs = linksTo(document, id).map((link): Socketed => {
    const from = document.nodes[link.from];
    const name = (from && outputsOf(from, catalogue[from.type])[link.slot]?.name) || link.output;
    return {
      output: false,
      name: link.input,
      type: link.type,
      source: sourceOf(document, link),
      others: [{ node: link.from, name }],
    };
  });
  const outputs = outputsOf(node, catalogue[node.type]).map(
    ({ name, type }, slot): Socketed => ({
      output: true,
      name,
      type,
      source: sourceOf(document, leaving(id, slot, type)),
      others: linksFrom(document, id)
        .filter((link) => link.slot === slot)
        .map((link) => ({ node: link.to, name: link.input })),
    }),
  );
  return [...inputs, ...outputs];
}

/** A wire that leaves an output, whether there is one or not. */
const leaving = (from: string, slot: number, type: string): Link => ({
  id: 0,
  from,
  slot,
  output: "",
  to: "",
  input: "",
  type,
  rest: {},
});

/** What comes after an entry of a list, the first after the last and where the entry is not in it. */
export const after = <T>(list: readonly T[], entry: T | undefined): T | undefined =>
  list[(list.indexOf(entry as T) + 1) % Math.max(1, list.length)];

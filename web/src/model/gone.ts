import { type Document, linkInto } from "./document";
import { inputsOf } from "./shape";
import type { Catalogue } from "./spec";

/** A choice that a document makes and that there is not: mostly a file. */
export interface Gone {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly input: string;
}

/** The files that a document names and that are not among what there is to choose from. */
export function goneChoices(document: Document, catalogue: Catalogue): Gone[] {
  const found = new Map<string, { name: string; nodes: string[]; input: string }>();
  for (const node of Object.values(document.nodes)) {
    if (node.mode !== "run") continue;
    for (const { name: input, widget } of inputsOf(node, catalogue[node.type])) {
      const value = node.values[input];
      if (widget?.kind !== "choice" || typeof value !== "string" || value === "") continue;
      // A file of another folder (`x.png [output]`) is in no list.
      if (widget.options.includes(value) || value.endsWith("]") || linkInto(document, node.id, input))
        continue;
      const known = found.get(`${input} ${value}`);
      if (known) known.nodes.push(node.id);
      else found.set(`${input} ${value}`, { name: value, nodes: [node.id], input });
    }
  }
  return [...found.values()];
}

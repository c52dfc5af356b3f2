import type { Document, Drawing, GraphNode } from "./document";
import type { Edit } from "./edit";
import { changeDrawings } from "./focus";
import { amountOf, clamp, type NumberWidget, random } from "./number";
import { inputsOf } from "./shape";
import type { Catalogue, InputSpec } from "./spec";
import { narrow, type Value } from "./value";

/** What happens to the numbers of a document after a run: those that are to be counted on or drawn anew. */
export function afterRun(document: Document, catalogue: Catalogue): Edit[] {
  const after = changeDrawings(document, (drawing) => countOn(drawing, catalogue));
  return after === document ? [] : [() => after];
}

function countOn(drawing: Drawing, catalogue: Catalogue): Drawing {
  const changed = Object.values(drawing.nodes).flatMap((node) => {
    const values = Object.fromEntries(
      inputsOf(node, catalogue[node.type]).flatMap((input) => nextSeed(node, input)),
    );
    return Object.keys(values).length > 0 ? [{ ...node, values: { ...node.values, ...values } }] : [];
  });
  if (changed.length === 0) return drawing;
  return {
    ...drawing,
    nodes: { ...drawing.nodes, ...Object.fromEntries(changed.map((node) => [node.id, node])) },
  };
}

function nextSeed(node: GraphNode, input: InputSpec): [string, Value][] {
  const control = node.controls[input.name];
  if (input.widget?.kind !== "number" || control === undefined || control === "fixed") return [];
  return [[input.name, next(node, input, input.widget, control)]];
}

function next(node: GraphNode, input: InputSpec, widget: NumberWidget, control: string) {
  if (control === "randomize") return random(widget);
  const now = BigInt(Math.trunc(Number(amountOf(node.values[input.name] ?? input.start))));
  const exact = typeof node.values[input.name] === "bigint" ? (node.values[input.name] as bigint) : now;
  return clamp(narrow(control === "increment" ? exact + 1n : exact - 1n), widget);
}

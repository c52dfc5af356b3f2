import type { Document, GraphNode } from "./document";
import { type Edit, setValue } from "./edit";
import { amountOf, clamp, type NumberWidget, random } from "./number";
import { inputsOf } from "./shape";
import type { Catalogue, InputSpec } from "./spec";
import { narrow } from "./value";

/** What happens to the numbers of a document after a run: those that are to be counted on or drawn anew. */
export function afterRun(document: Document, catalogue: Catalogue): Edit[] {
  return Object.values(document.nodes).flatMap((node) =>
    (catalogue[node.type] ? inputsOf(node, catalogue[node.type]) : []).flatMap((input) =>
      nextSeed(node, input),
    ),
  );
}

function nextSeed(node: GraphNode, input: InputSpec): Edit[] {
  const control = node.controls[input.name];
  if (input.widget?.kind !== "number" || control === undefined || control === "fixed") return [];
  return [setValue(node.id, input.name, next(node, input, input.widget, control))];
}

function next(node: GraphNode, input: InputSpec, widget: NumberWidget, control: string) {
  if (control === "randomize") return random(widget);
  const now = BigInt(Math.trunc(Number(amountOf(node.values[input.name] ?? input.start))));
  const exact = typeof node.values[input.name] === "bigint" ? (node.values[input.name] as bigint) : now;
  return clamp(narrow(control === "increment" ? exact + 1n : exact - 1n), widget);
}

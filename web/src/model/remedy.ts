import { type Document, type GraphNode, linkInto } from "./document";
import { changeNodes, type Edit, setValue } from "./edit";
import { inputsOf, outputsOf } from "./shape";
import { type Catalogue, fits, type InputSpec, type Widget } from "./spec";
import type { Value } from "./value";
import { connect, cut, type End, refusal } from "./wire";

/** Something that a button can do about a failure. */
export type Remedy =
  | { kind: "connect"; title: string; output: string; edit: Edit }
  | { kind: "add"; type: string; input: string }
  | { kind: "value"; name: string; value: Value; edit: Edit }
  | { kind: "cut"; edit: Edit }
  | { kind: "type"; type: string; edit: Edit }
  | { kind: "again" };

/** What can be done about a failure of a node, the likeliest first; `input` is the one that was wrong, if one was. */
export function remedies(document: Document, id: string, input: string, catalogue: Catalogue): Remedy[] {
  const node = document.nodes[id];
  if (!node) return [];
  const spec = catalogue[node.type];
  if (!spec) return nearType(node, catalogue);
  const entry = inputsOf(node, spec).find((one) => one.name === input);
  if (!entry) return input === "" ? [{ kind: "again" }] : [];
  const link = linkInto(document, id, input);
  if (link)
    return fits(link.type, entry.type) ? [{ kind: "again" }] : [{ kind: "cut", edit: cut([link.id]) }];
  if (!entry.widget) return wiresFor(document, node, entry, catalogue);
  const value = goodValue(entry.widget, node.values[input] ?? entry.start ?? null);
  return value === undefined ? [] : [{ kind: "value", name: input, value, edit: setValue(id, input, value) }];
}

/** The two nearest nodes that give what lacks, else the search for one. */
function wiresFor(document: Document, node: GraphNode, entry: InputSpec, catalogue: Catalogue): Remedy[] {
  const distance = (id: string) => {
    const other = document.nodes[id] as GraphNode;
    return Math.hypot(other.x - node.x, other.y - node.y);
  };
  const found = Object.keys(document.nodes)
    .sort((one, other) => distance(one) - distance(other))
    .flatMap((id) => giving(document, id, entry.type, catalogue))
    .filter((end) => !refusal(document, end, node.id, entry.name, catalogue))
    .slice(0, 2);
  const wires = found.map((end): Remedy => {
    const source = document.nodes[end.node] as GraphNode;
    const spec = catalogue[source.type];
    const output = outputsOf(source, spec)[end.slot]?.name ?? entry.type;
    const title = source.title || spec?.title || source.type;
    return { kind: "connect", title, output, edit: connect(end, node.id, entry.name, catalogue) };
  });
  return wires.length > 0 ? wires : [{ kind: "add", type: entry.type, input: entry.name }];
}

function giving(document: Document, id: string, type: string, catalogue: Catalogue): End[] {
  const node = document.nodes[id] as GraphNode;
  const slot = outputsOf(node, catalogue[node.type]).findIndex(
    (one) => one.type !== "*" && fits(one.type, type),
  );
  return slot < 0 || node.mode !== "run" ? [] : [{ node: id, slot }];
}

/** The value nearest to one that is refused, or undefined when there is nothing to say about it. */
export function goodValue(widget: Widget, value: Value): Value | undefined {
  if (widget.kind === "number") {
    const number = typeof value === "bigint" ? value : Number(value);
    if (number > widget.max) return widget.max;
    if (number < widget.min) return widget.min;
    return undefined;
  }
  if (widget.kind === "choice" && widget.options.length > 0 && !widget.options.includes(value as never))
    return nearest(String(value ?? ""), widget.options);
  return undefined;
}

function nearType(node: GraphNode, catalogue: Catalogue): Remedy[] {
  const type = nearest(node.type, Object.keys(catalogue));
  if (type === undefined || far(node.type, type)) return [];
  const edit = changeNodes([node.id], (one) => {
    const { inputs: _, outputs: __, ...kept } = one;
    return { ...kept, type };
  });
  return [{ kind: "type", type, edit }];
}

const far = (one: string, other: string): boolean =>
  steps(one.toLowerCase(), other.toLowerCase()) > Math.max(one.length, other.length) / 3;

/** The text that is spelled most like another. */
function nearest<T extends Value>(text: string, among: readonly T[]): T | undefined {
  let best: T | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const one of among) {
    const count = steps(text.toLowerCase(), String(one).toLowerCase());
    if (count < least) [best, least] = [one, count];
  }
  return best;
}

/** How many letters must be put in, taken out or changed to make one text of another. */
function steps(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let y = 1; y <= one.length; y++) {
    const next = [y];
    for (let x = 1; x <= other.length; x++) {
      const same = one[y - 1] === other[x - 1] ? 0 : 1;
      next.push(Math.min((row[x] ?? 0) + 1, (next[x - 1] ?? 0) + 1, (row[x - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

import { type Document, type GraphNode, type Link, NO_WIRES } from "./document";
import type { InputSpec } from "./spec";
import { writtenInputs } from "./written";

type State = Pick<GraphNode, "values" | "wired">;
const FRESH: State = { values: {} };

/** The inputs that a node has now: those of its choices, and of each list that grows what is wired and one to spare. */
export function expand(inputs: readonly InputSpec[], node: State = FRESH): InputSpec[] {
  return inputs.flatMap((one) => {
    if (one.written) return writtenInputs(one, node.values);
    if (one.grow) return grown(one.grow, node.wired ?? NO_WIRES);
    if (!one.choices) return [one];
    const chosen = one.choices[String(node.values[one.name] ?? one.start)] ?? [];
    return [one, ...expand(chosen, node)];
  });
}

function grown({ items, least }: NonNullable<InputSpec["grow"]>, wired: readonly string[]): InputSpec[] {
  const last = items.findLastIndex((item) => wired.includes(item.name));
  return items.slice(0, Math.max(least, last + 2));
}

/** Whether inputs come and go with what is wired and chosen. */
export const isLiving = (inputs: readonly InputSpec[]): boolean =>
  inputs.some((one) => one.grow !== undefined || one.choices !== undefined || one.written !== undefined);

/** Note at each node which inputs of lists are wired; the nodes at which nothing changed stay the same objects. */
export function noteWires(
  nodes: Document["nodes"],
  links: Readonly<Record<number, Link>>,
): Document["nodes"] {
  const wired = new Map<string, string[]>();
  for (const { to, input } of Object.values(links))
    if (input.includes(".")) wired.set(to, [...(wired.get(to) ?? []), input]);
  let next: Record<string, GraphNode> | null = null;
  for (const node of Object.values(nodes)) {
    const before = node.wired ?? NO_WIRES;
    const now = wired.get(node.id)?.sort() ?? NO_WIRES;
    if (before.length === now.length && before.every((name, at) => name === now[at])) continue;
    next ??= { ...nodes };
    next[node.id] = { ...node, wired: now };
  }
  return next ?? nodes;
}

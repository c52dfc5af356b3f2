import type { Document, GraphNode, Link, Rest, Socket, Subgraph } from "./document";
import { INPUT } from "./focus";
import { inputsOf } from "./shape";
import type { Catalogue, InputSpec, Spec } from "./spec";
import type { Json, Value } from "./value";

/** The node type that a subgraph is: its borders as sockets, and the values within that are entered on it. */
function specOf(subgraph: Subgraph, catalogue: Catalogue): Spec {
  const inner = (id: string, input: string) => innerInput(subgraph, catalogue, id, input);
  return {
    id: subgraph.id,
    title: subgraph.name,
    category: "subgraph",
    description: "",
    aliases: ["subgraph"],
    inputs: subgraph.inputs.map((socket, slot) => fromBorder(socket, enters(subgraph, slot), inner)),
    outputs: subgraph.outputs.map((one) => ({
      name: one.label ?? one.name,
      type: one.type,
      list: false,
      tip: "",
    })),
    root: false,
    deprecated: false,
    experimental: false,
    inner,
  };
}

/** The wires within that begin at one of a subgraph's inputs. */
export const enters = (subgraph: Subgraph, slot: number): Link[] =>
  Object.values(subgraph.drawing.links).filter((link) => link.from === INPUT && link.slot === slot);

function fromBorder(socket: Socket, links: readonly Link[], inner: NonNullable<Spec["inner"]>): InputSpec {
  const label = socket.label ?? socket.name;
  const found = links.map((link) => inner(link.to, link.input)).find((one) => one?.widget);
  const plain = { type: socket.type, widget: null, start: undefined, tip: "" };
  return { ...(found ?? plain), name: socket.name, label, required: false, advanced: false };
}

/** An input of a node within; what the node holds there is where one begins. */
function innerInput(
  subgraph: Subgraph,
  catalogue: Catalogue,
  id: string,
  input: string,
): InputSpec | undefined {
  const node = subgraph.drawing.nodes[id];
  const found = node && inputsOf(node, catalogue[node.type]).find((one) => one.name === input);
  const value = node?.values[input];
  return found && value !== undefined ? { ...found, start: value } : found;
}

/** The node types that the subgraphs of a document are; those that are within others come first. */
export function subgraphSpecs(subgraphs: Document["subgraphs"], base: Catalogue): Catalogue {
  const made: Record<string, Spec> = {};
  const catalogue = Object.create(base) as Record<string, Spec>;
  const make = (subgraph: Subgraph, above: readonly string[]) => {
    if (made[subgraph.id] || above.includes(subgraph.id)) return;
    for (const node of Object.values(subgraph.drawing.nodes)) {
      const inner = subgraphs[node.type];
      if (inner) make(inner, [...above, subgraph.id]);
    }
    const spec = specOf(subgraph, catalogue);
    made[subgraph.id] = spec;
    catalogue[subgraph.id] = spec;
  };
  for (const subgraph of Object.values(subgraphs)) make(subgraph, []);
  return made;
}

/** The values that an instance of an older file lists itself: an inner node and the name of its value each. */
export function proxiesOf(node: Pick<GraphNode, "rest">): [string, string][] {
  const told = (node.rest.properties as Rest | undefined)?.proxyWidgets;
  const list = typeof told === "string" ? parsed(told) : told;
  if (!Array.isArray(list)) return [];
  return list.flatMap((one) =>
    Array.isArray(one) && one.length >= 2 && typeof one[1] === "string" ? [[String(one[0]), one[1]]] : [],
  );
}

function parsed(words: string): Json {
  try {
    return JSON.parse(words) as Json;
  } catch {
    return null;
  }
}

/** The inputs of an instance; one of an older file shows the values that it lists, in its order. */
export function instanceInputs(node: GraphNode, spec: Spec): readonly InputSpec[] {
  const proxies = proxiesOf(node);
  const { inner } = spec;
  if (!inner || proxies.length === 0) return spec.inputs;
  const names = proxies.map(([, name]) => name);
  const shown = proxies.flatMap(([id, name]): InputSpec[] => {
    if (name.startsWith("$$")) return [];
    const called = names.indexOf(name) === names.lastIndexOf(name) ? name : `${id}.${name}`;
    const found = id === "-1" ? spec.inputs.find((one) => one.name === name && one.widget) : inner(id, name);
    return found
      ? [{ ...found, name: called, label: found.label ?? name, required: false, advanced: false }]
      : [];
  });
  const taken = new Set(shown.map((one) => one.name));
  const sockets = spec.inputs
    .filter((one) => !taken.has(one.name))
    .map((one) => (one.widget ? { ...one, widget: null, start: undefined } : one));
  return [...sockets, ...shown];
}

/** The sockets of an instance as files list them: those of its subgraph, with what was known of each. */
export function socketsOf(
  node: GraphNode,
  subgraph: Subgraph,
  spec: Spec,
): Pick<GraphNode, "inputs" | "outputs"> {
  const widgets = new Set(spec.inputs.filter((one) => one.widget).map((one) => one.name));
  const bare = ({ rest: _, shape: __, widget: ___, ...socket }: Socket): Socket => socket;
  const kept = (old: readonly Socket[] | undefined, now: readonly Socket[], input: boolean) =>
    old && old.length === now.length && now.every((one, index) => one.name === old[index]?.name)
      ? old
      : now.map(
          (one) =>
            old?.find((before) => before.name === one.name) ?? {
              ...bare(one),
              ...(input && widgets.has(one.name) ? { widget: one.name } : {}),
            },
        );
  return {
    inputs: kept(node.inputs, subgraph.inputs, true),
    outputs: kept(node.outputs, subgraph.outputs, false),
  };
}

/** The value that an instance holds for an input, or where it begins. */
export const valueAt = (node: GraphNode, spec: Spec, name: string): Value | undefined =>
  node.values[name] ?? instanceInputs(node, spec).find((one) => one.name === name)?.start;

import type { Document, Drawing, Link } from "./document";
import { at, INPUT, OUTPUT, whole } from "./focus";

/** An output of a node, by the id that a run calls the node. */
export interface Source {
  readonly node: string;
  readonly slot: number;
}

const DEEPEST = 100;

/**
 * Where that which goes through a wire is made: within a subgraph, around it, or before nodes that only let it
 * through. Null where nothing comes.
 */
export function sourceOf(document: Document, wire: Link): Source | null {
  const outer = whole(document);
  const path = [...document.path];
  let drawing: Drawing = document;
  let link: Link | undefined = wire;
  for (let step = 0; link && step < DEEPEST; step++) {
    const from: string = link.from;
    const slot: number = link.slot;
    if (from === INPUT && path.length > 0) {
      const name: string | undefined = at(outer, path)?.inputs[slot]?.name;
      const instance = path.pop() ?? "";
      drawing = at(outer, path)?.drawing ?? outer;
      link = entering(drawing, instance).find((one) => one.input === name);
      continue;
    }
    const node: Drawing["nodes"][string] | undefined = drawing.nodes[from];
    if (!node || node.mode === "muted") return null;
    const inner = outer.subgraphs[node.type];
    if (node.mode === "bypassed" || node.type === "Reroute") {
      const type: string = link.type;
      link = entering(drawing, from).find((one) => node.type === "Reroute" || one.type === type);
    } else if (inner) {
      path.push(from);
      drawing = at(outer, path)?.drawing ?? inner.drawing;
      link = entering(drawing, OUTPUT).find((one) => one.input === String(slot));
    } else return { node: [...path, from].join(":"), slot };
  }
  return null;
}

const entering = (drawing: Drawing, node: string): Link[] =>
  Object.values(drawing.links).filter((one) => one.to === node);

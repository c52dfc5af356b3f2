import { type Document, linksTo } from "./document";
import { everyNode, look, OUTPUT } from "./focus";
import { isNote } from "./frontend";
import { sourceOf } from "./source";
import type { Catalogue } from "./spec";

const wayOf = (id: string): string[] => id.split(":").slice(0, -1);
const lastOf = (id: string): string => id.slice(id.lastIndexOf(":") + 1);

/**
 * What a run to a node asks for, by the ids of a run: the node, or for one that stands for a subgraph what gives its
 * outputs, else what shows something within. Nothing for a node that does not run.
 */
export function targetsOf(document: Document, id: string, catalogue: Catalogue): string[] {
  const node = document.nodes[id];
  if (node?.mode !== "run" || isNote(node.type)) return [];
  const here = [...document.path, id];
  if (!(node.type in document.subgraphs)) return [here.join(":")];
  const inner = look(document, here);
  const given = linksTo(inner, OUTPUT).flatMap((link) => sourceOf(inner, link)?.node ?? []);
  const shown = roots(document, catalogue).filter((one) => one.startsWith(`${here.join(":")}:`));
  return [...new Set(given.length > 0 ? given : shown)];
}

/** The nodes that are run for what they show or save. */
function roots(document: Document, catalogue: Catalogue): string[] {
  const all = everyNode(document);
  const runs = (id: string): boolean => {
    const way = wayOf(id).join(":");
    return all.get(id)?.mode === "run" && (way === "" || runs(way));
  };
  return [...all].flatMap(([id, node]) =>
    catalogue[node.type]?.root && !(node.type in document.subgraphs) && runs(id) ? [id] : [],
  );
}

/** All nodes that a run of some targets needs, or of all outputs: those that wait for their turn when it begins. */
export function needed(document: Document, catalogue: Catalogue, targets?: readonly string[]): string[] {
  const found = new Set<string>();
  const views = new Map<string, Document>();
  const viewAt = (way: string[]): Document => {
    const key = way.join(":");
    const view = views.get(key) ?? look(document, way);
    views.set(key, view);
    return view;
  };
  const waiting = [...(targets ?? roots(document, catalogue))];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const view = viewAt(wayOf(id));
    for (const link of linksTo(view, lastOf(id))) {
      const source = sourceOf(view, link);
      if (source) waiting.push(source.node);
    }
  }
  return [...found];
}

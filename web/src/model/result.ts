import type { Document } from "./document";
import { layersOf } from "./layout";
import type { Catalogue } from "./spec";

/** The node whose result is that of the whole graph: the last that saves something, else the last that shows it. */
export function resultNode(
  document: Document,
  catalogue: Catalogue,
  has: (id: string) => boolean,
): string | null {
  const shows = (id: string): boolean => {
    const type = document.nodes[id]?.type ?? "";
    // What is shown within a subgraph is shown by the node that stands for it.
    return has(id) && (catalogue[type]?.root === true || type in document.subgraphs);
  };
  const order = layersOf(document).flat().filter(shows);
  const saved = order.filter((id) => !document.nodes[id]?.type.startsWith("Preview"));
  return saved.at(-1) ?? order.at(-1) ?? null;
}

import type { GraphNode } from "./document";
import type { Edit } from "./edit";
import { withLinks } from "./wire";

/** Let nodes and their copies change places; what led away from a copy to others leads away from the node. */
export const changePlaces =
  (twins: ReadonlyMap<string, string>): Edit =>
  (document) => {
    const nodes: Record<string, GraphNode> = { ...document.nodes };
    for (const [id, twin] of twins) {
      const [one, other] = [nodes[id], nodes[twin]];
      if (!one || !other) continue;
      nodes[id] = { ...one, x: other.x, y: other.y };
      nodes[twin] = { ...other, x: one.x, y: one.y };
    }
    const own = new Map([...twins].map(([id, twin]) => [twin, id]));
    const links = Object.fromEntries(
      Object.values(document.links).map((link) => {
        const from = own.has(link.to) ? undefined : own.get(link.from);
        return [link.id, from === undefined ? link : { ...link, from }];
      }),
    );
    return withLinks({ ...document, nodes }, links);
  };

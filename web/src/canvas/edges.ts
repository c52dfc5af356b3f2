import type { Box } from "../model/box";
import type { Document, GraphNode, Link } from "../model/document";
import { boundsOfSpan, overlap, spanOf } from "../model/geometry";
import { handleOf } from "../model/hang";
import { shapeOf } from "../model/shape";
import type { Catalogue } from "../model/spec";
import { alike, type FlowEdge } from "./flow";

/** The wires as the canvas is given them. */
export class FlowEdges {
  private made = new WeakMap<Link, { chosen: boolean; shown: string; edge: FlowEdge }>();
  private last: FlowEdge[] = [];

  /** Nodes at which these wires begin or end. */
  ends: ReadonlySet<string> = new Set();

  of(document: Document, catalogue: Catalogue, links: ReadonlySet<number>, pane: Box): FlowEdge[] {
    const list: FlowEdge[] = [];
    const ends = new Set<string>();
    for (const link of Object.values(document.links)) {
      const target = document.nodes[link.to];
      if (!target || !document.nodes[link.from]) continue;
      const span = spanOf(document, link, catalogue);
      if (!span || !overlap(boundsOfSpan(span), pane)) continue;
      ends.add(link.from).add(link.to);
      const chosen = links.has(link.id);
      const shown = this.handle(target, catalogue, link.input);
      const before = this.made.get(link);
      const entry =
        before?.chosen === chosen && before.shown === shown
          ? before
          : { chosen, shown, edge: flowEdge(link, chosen, shown) };
      this.made.set(link, entry);
      list.push(entry.edge);
    }
    this.ends = ends;
    if (!alike(list, this.last)) this.last = list;
    return this.last;
  }

  /** A wire to an input that is not shown (an advanced one) ends at the node's first socket. */
  private handle(node: GraphNode, catalogue: Catalogue, input: string): string {
    const shape = shapeOf(node, catalogue[node.type]);
    const shown = [...shape.sockets, ...shape.widgets];
    const name = shown.some((row) => row.spec.name === input) ? input : (shown[0]?.spec.name ?? input);
    return handleOf({ output: false, socket: name });
  }
}

const flowEdge = (link: Link, chosen: boolean, handle: string): FlowEdge => ({
  id: String(link.id),
  type: "wire",
  source: link.from,
  sourceHandle: handleOf({ output: true, socket: String(link.slot) }),
  target: link.to,
  targetHandle: handle,
  data: { type: link.type },
  selected: chosen,
});

import { type Box, boundsOf } from "./box";
import type { Document, GraphNode, Link } from "./document";
import { type Edit, moveTo, type Point } from "./edit";
import { carried, frameAround, putFrame } from "./frame";
import { tidy } from "./layout";
import { straighten } from "./route";
import { HEADER } from "./shape";
import type { Catalogue } from "./spec";

const EDGE = 20;
const HEAD = 36;

/** A frame all of whose nodes are tidied: they stay together. */
interface Crew {
  readonly frame: string;
  readonly nodes: readonly string[];
}

/** Tidy nodes; those in a frame are tidied among themselves, and their frame as one among the others. */
export const tidyFramed =
  (ids: readonly string[], catalogue: Catalogue): Edit =>
  (document) => {
    const crews = crewsOf(document, ids, catalogue);
    const inner = new Map<string, Point>(crews.flatMap(({ nodes }) => [...tidy(document, nodes, catalogue)]));
    const gathered = moveTo(inner)(document);
    const outer = contracted(gathered, ids, crews, catalogue);
    const places = new Map<string, Point>();
    for (const [id, to] of tidy(outer.document, outer.ids, catalogue)) {
      const crew = outer.crews.get(id);
      if (crew) follow(places, gathered, crew, to, outer.document.nodes[id] as GraphNode);
      else places.set(id, to);
    }
    return straighten(refit(document, moveTo(places)(gathered), new Set(ids), catalogue), ids);
  };

/** The frames that move as one; of frames in each other the largest. */
function crewsOf(document: Document, ids: readonly string[], catalogue: Catalogue): Crew[] {
  const chosen = new Set(ids);
  const taken = new Set<string>();
  const frames = Object.values(document.frames).sort((one, other) => area(other) - area(one));
  return frames.flatMap((frame) => {
    const nodes = carried(document, frame, catalogue);
    const free = nodes.every((id) => chosen.has(id) && !taken.has(id) && !document.nodes[id]?.pinned);
    if (nodes.length === 0 || !free) return [];
    for (const id of nodes) taken.add(id);
    return [{ frame: frame.id, nodes }];
  });
}

/** The same graph with one box in place of each frame's nodes. */
function contracted(
  document: Document,
  ids: readonly string[],
  crews: readonly Crew[],
  catalogue: Catalogue,
) {
  const nodes: Record<string, GraphNode> = { ...document.nodes };
  const home = new Map<string, string>();
  const boxes = new Map<string, Crew>();
  for (const crew of crews) {
    const box = `frame:${crew.frame}`;
    const bounds = boundsOf(document, crew.nodes, catalogue) as Box;
    boxes.set(box, crew);
    for (const id of crew.nodes) {
      home.set(id, box);
      delete nodes[id];
    }
    nodes[box] = {
      ...(document.nodes[crew.nodes[0] as string] as GraphNode),
      id: box,
      type: "",
      inputs: [],
      outputs: [],
      collapsed: false,
      x: bounds.x - EDGE,
      y: bounds.y - EDGE - HEAD + HEADER,
      width: bounds.width + 2 * EDGE,
      height: bounds.height + 2 * EDGE + HEAD - HEADER,
    };
  }
  const at = (id: string) => home.get(id) ?? id;
  const links = Object.values(document.links).flatMap((link): Link[] =>
    at(link.from) === at(link.to) ? [] : [{ ...link, from: at(link.from), to: at(link.to) }],
  );
  return {
    document: { ...document, nodes, links: Object.fromEntries(links.map((link) => [link.id, link])) },
    ids: [...ids.filter((id) => !home.has(id)), ...boxes.keys()],
    crews: boxes,
  };
}

/** Nodes go where their frame goes. */
function follow(places: Map<string, Point>, document: Document, crew: Crew, to: Point, was: Point): void {
  for (const id of crew.nodes) {
    const node = document.nodes[id];
    if (node) places.set(id, { x: node.x + to.x - was.x, y: node.y + to.y - was.y });
  }
}

/** Each frame around the nodes that it carried, and around the frames that stood in it. */
function refit(
  before: Document,
  after: Document,
  moved: ReadonlySet<string>,
  catalogue: Catalogue,
): Document {
  const frames = Object.values(before.frames).sort((one, other) => area(one) - area(other));
  return frames.reduce((document, frame) => {
    const nodes = carried(before, frame, catalogue);
    if (!nodes.some((id) => moved.has(id))) return document;
    const inner = frames.filter((one) => one !== frame && holds(frame, one));
    const within = inner.flatMap((one) => document.frames[one.id] ?? []);
    const around = frameAround(document, nodes, catalogue, frame.title, within);
    return around
      ? putFrame({ ...around, id: frame.id, color: frame.color, rest: frame.rest })(document)
      : document;
  }, after);
}

const area = ({ width, height }: Box): number => width * height;

/** Whether a box lies wholly in another, larger one. */
const holds = (outer: Box, box: Box): boolean =>
  area(box) < area(outer) &&
  box.x >= outer.x &&
  box.y >= outer.y &&
  box.x + box.width <= outer.x + outer.width &&
  box.y + box.height <= outer.y + outer.height;

import { type Box, boundsOf, boxOf } from "./box";
import type { Document, Link } from "./document";
import { type Edit, moveBy, moveTo } from "./edit";
import { carried, changeFrame } from "./frame";
import { movePointBy } from "./route";
import type { Catalogue } from "./spec";

/** The least room between nodes that follow each other, in which a wire can be seen. */
const GAP = 40;
const FRAME_EDGE = 20;

/**
 * Room for a node that was put into a wire that leads to the right: it goes right of the node that the wire came from,
 * and what lies to the right of it as far on as is needed, with its frames. Nothing moves where there is room.
 */
export const makeRoom =
  (id: string, link: Link, catalogue: Catalogue): Edit =>
  (document) => {
    const boxes = boxesOf(document, catalogue);
    const [from, to, put] = [boxes.get(link.from), boxes.get(link.to), boxes.get(id)];
    if (!from || !to || !put || to.x < from.x + from.width) return document;
    const x = Math.max(put.x, from.x + from.width + GAP);
    const node = document.nodes[id] as Document["nodes"][string];
    const placed = moveTo(new Map([[id, { x, y: node.y }]]))(document);
    const right = x + put.width + GAP;
    const line = lineOf(
      { ...put, x },
      to,
      [...boxes].filter(([one]) => one !== id && one !== link.from),
    );
    return right > line ? push(placed, id, line, right - line, catalogue) : placed;
  };

const boxesOf = (document: Document, catalogue: Catalogue): Map<string, Box> =>
  new Map(Object.values(document.nodes).map((node) => [node.id, boxOf(node, catalogue[node.type])]));

/** From where on things have to go further right: the node that the wire leads to, or one that is covered before it. */
function lineOf(put: Box, to: Box, others: readonly (readonly [string, Box])[]): number {
  const covered = others
    .map(([, box]) => box)
    .filter(
      (box) =>
        box.x >= put.x &&
        box.x < put.x + put.width + GAP &&
        box.y < put.y + put.height &&
        put.y < box.y + box.height,
    );
  return Math.min(to.x, ...covered.map((box) => box.x));
}

/** Everything at or beyond a line further right by so much. */
function push(document: Document, but: string, line: number, by: number, catalogue: Catalogue): Document {
  const moving = Object.values(document.nodes).filter((node) => node.id !== but && node.x >= line);
  const moved = moveBy(
    moving.map((node) => node.id),
    by,
    0,
  )(document);
  const points = Object.values(document.points).filter((point) => point.x >= line);
  const led = points.reduce((made, point) => movePointBy(made, point.id, by, 0), moved);
  return Object.values(document.frames).reduce((made, frame) => {
    const nodes = carried(document, frame, catalogue);
    const gone = nodes.filter((id) => made.nodes[id] !== document.nodes[id]);
    const along = nodes.length > 0 ? gone.length === nodes.length : frame.x >= line;
    if (along) return changeFrame(frame.id, { x: frame.x + by })(made);
    const held = boundsOf(made, nodes, catalogue);
    const width = held ? held.x + held.width + FRAME_EDGE - frame.x : 0;
    return width > frame.width ? changeFrame(frame.id, { width })(made) : made;
  }, led);
}

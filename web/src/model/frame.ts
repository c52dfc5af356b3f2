import { type Box, boundsOf, boxOf } from "./box";
import type { Document, Frame } from "./document";
import type { Edit } from "./edit";
import type { Catalogue } from "./spec";

export const putFrame =
  (frame: Frame): Edit =>
  (document) => ({ ...document, frames: { ...document.frames, [frame.id]: frame } });

export const changeFrame =
  (id: string, change: Partial<Omit<Frame, "id">>): Edit =>
  (document) => {
    const frame = document.frames[id];
    return frame ? putFrame({ ...frame, ...change })(document) : document;
  };

export const removeFrames =
  (ids: Iterable<string>): Edit =>
  (document) => {
    const frames = { ...document.frames };
    for (const id of ids) delete frames[id];
    return { ...document, frames };
  };

export const freeFrame = (document: Document): string => {
  let number = Object.keys(document.frames).length + 1;
  while (`f${number}` in document.frames) number++;
  return `f${number}`;
};

/** A frame around nodes, and around the frames that hold none but them. */
export function frameAround(
  document: Document,
  ids: readonly string[],
  catalogue: Catalogue,
  title: string,
  within: readonly Box[] = framesOf(document, ids, catalogue),
): Frame | null {
  const nodes = boundsOf(document, ids, catalogue);
  if (!nodes) return null;
  const box = within.reduce(union, nodes);
  const edge = 20;
  const head = 36;
  return {
    id: freeFrame(document),
    title,
    x: box.x - edge,
    y: box.y - edge - head,
    width: box.width + 2 * edge,
    height: box.height + 2 * edge + head,
    color: "",
    rest: {},
  };
}

/** The frames that hold some of these nodes and no others. */
function framesOf(document: Document, ids: readonly string[], catalogue: Catalogue): Frame[] {
  const chosen = new Set(ids);
  return Object.values(document.frames).filter((frame) => {
    const nodes = carried(document, frame, catalogue);
    return nodes.length > 0 && nodes.every((id) => chosen.has(id));
  });
}

function union(one: Box, other: Box): Box {
  const [x, y] = [Math.min(one.x, other.x), Math.min(one.y, other.y)];
  const right = Math.max(one.x + one.width, other.x + other.width);
  const bottom = Math.max(one.y + one.height, other.y + other.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** The nodes that a frame carries: those whose middle stands in it. */
export function carried(document: Document, frame: Box, catalogue: Catalogue): string[] {
  return Object.values(document.nodes)
    .filter((node) => {
      const box = boxOf(node, catalogue[node.type]);
      const x = box.x + box.width / 2;
      const y = box.y + box.height / 2;
      return x >= frame.x && x <= frame.x + frame.width && y >= frame.y && y <= frame.y + frame.height;
    })
    .map((node) => node.id);
}

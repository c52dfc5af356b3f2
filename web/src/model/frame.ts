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

/** A frame around nodes. */
export function frameAround(
  document: Document,
  ids: readonly string[],
  catalogue: Catalogue,
  title: string,
): Frame | null {
  const box = boundsOf(document, ids, catalogue);
  if (!box) return null;
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

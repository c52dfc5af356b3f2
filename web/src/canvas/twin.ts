import { copy, paste, readCopy } from "../model/clipboard";
import { changePlaces } from "../model/twin";
import { withLinks } from "../model/wire";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { select, useSelection } from "../store/selection";
import { text } from "../text";

/** What is dragged, by what stays: one is the copy of the other. */
export type Twins = ReadonlyMap<string, string>;

/** Leave a copy where nodes were; while they are dragged, the wires that led away from them stay with the copy. */
export function leaveCopy(ids: readonly string[], key: string): Twins {
  const document = current();
  const clip = readCopy(copy(document, ids, []));
  if (!clip || ids.length === 0) return new Map();
  const corner = {
    x: Math.min(...ids.map((id) => document.nodes[id]?.x ?? 0)),
    y: Math.min(...ids.map((id) => document.nodes[id]?.y ?? 0)),
  };
  const pasted = paste(document, clip, corner, specs(), true);
  const twin = pasted.ids;
  const links = Object.fromEntries(
    Object.values(pasted.document.links).map((link) => {
      const from = twin.has(link.from) && !twin.has(link.to) ? (twin.get(link.from) ?? link.from) : link.from;
      return [link.id, from === link.from || pasted.nodes.includes(link.to) ? link : { ...link, from }];
    }),
  );
  apply(text.edit.duplicate, () => withLinks(pasted.document, links), key);
  return twin;
}

/**
 * When the hand lets go, what was dragged becomes the copy and what stayed is the node itself again: with its id, so
 * that the form, the pictures and all else that knows it by that finds it where it was.
 */
export function settleCopy(twins: Twins, key: string): void {
  if (twins.size === 0) return;
  apply(text.edit.duplicate, changePlaces(twins), key);
  const { nodes, frames, links } = useSelection.getState();
  select(
    [...nodes].map((id) => twins.get(id) ?? id),
    frames,
    links,
  );
}

import { copy, paste, readCopy } from "../model/clipboard";
import { withLinks } from "../model/wire";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { text } from "../text";

/** Leave a copy where nodes were; the wires that led away from them stay with the copy. */
export function leaveCopy(ids: readonly string[], key: string): void {
  const document = current();
  const clip = readCopy(copy(document, ids, []));
  if (!clip || ids.length === 0) return;
  const corner = {
    x: Math.min(...ids.map((id) => document.nodes[id]?.x ?? 0)),
    y: Math.min(...ids.map((id) => document.nodes[id]?.y ?? 0)),
  };
  const pasted = paste(document, clip, corner, specs(), true);
  const twin = new Map(ids.map((id, index) => [id, pasted.nodes[index] ?? id]));
  const links = Object.fromEntries(
    Object.values(pasted.document.links).map((link) => {
      const from = twin.has(link.from) && !twin.has(link.to) ? (twin.get(link.from) ?? link.from) : link.from;
      return [link.id, from === link.from || pasted.nodes.includes(link.to) ? link : { ...link, from }];
    }),
  );
  apply(text.edit.duplicate, () => withLinks(pasted.document, links), key);
}

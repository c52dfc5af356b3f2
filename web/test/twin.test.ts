import { expect, test } from "vitest";
import { copy, paste, readCopy } from "../src/model/clipboard";
import type { Document } from "../src/model/document";
import { moveTo } from "../src/model/edit";
import { changePlaces } from "../src/model/twin";
import { CATALOGUE, chain, wires } from "./graph";

const pasted = (document: Document, ids: string[]) =>
  paste(document, readCopy(copy(document, ids, [])) as Document, { x: 0, y: 0 }, CATALOGUE, true);

test("a copy tells what each node became, in whichever order they were named", () => {
  const { document, ids } = pasted(chain(), ["4", "2"]);
  for (const [id, twin] of ids) expect(document.nodes[twin]?.type).toBe(chain().nodes[id]?.type);
});

test("a node and its copy change places, and what led away leads away from the node", () => {
  const before = chain();
  const { document, ids } = pasted(before, ["4"]);
  const twin = ids.get("4") as string;
  const links = Object.fromEntries(
    Object.values(document.links).map((link) => [
      link.id,
      link.from === "4" ? { ...link, from: twin } : link,
    ]),
  );
  const dragged = moveTo(new Map([["4", { x: 700, y: 800 }]]))({ ...document, links });
  const after = changePlaces(ids)(dragged);
  expect(after.nodes["4"]?.x).toBe(document.nodes[twin]?.x);
  expect(after.nodes[twin]).toMatchObject({ x: 700, y: 800 });
  expect(wires(after)).toEqual(expect.arrayContaining(wires(before)));
});

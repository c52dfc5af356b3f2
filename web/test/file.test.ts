import { expect, test } from "vitest";
import { copy, paste, readCopy } from "../src/model/clipboard";
import { setColor, setValue, toggleAdvanced, toggleFlag } from "../src/model/edit";
import { fromNamed, toNamed } from "../src/model/file";
import type { Json } from "../src/model/value";
import { CATALOGUE, chain, wires } from "./graph";

const NAMED: Record<string, Json> = {
  format: "safelight",
  version: 1,
  title: "",
  view: { scale: 0.9, offset: [1, 2] },
  nodes: [
    {
      id: "3",
      type: "Sampler",
      title: "First",
      pos: [460.5, 60],
      size: [315, 262],
      mode: "bypassed",
      inputs: [{ name: "model", type: "MODEL" }],
      outputs: [{ name: "LATENT", type: "LATENT" }],
      values: { seed: { $int: "18446744073709551615" }, steps: 20, box: { x: [1, null] } },
      controls: { seed: "randomize" },
      color: "#232",
      bgcolor: "#353",
      flags: { collapsed: true, odd: 1 },
      properties: { cnr_id: "core" },
      rest: { order: 3 },
    },
    {
      id: "11",
      type: "Strange",
      title: "",
      pos: [0, 0],
      size: [100, 50],
      mode: "run",
      values: {},
      unnamed: ["a", 0.5, true],
    },
  ],
  links: [{ id: 7, from: "1", slot: 0, output: "MODEL", to: "3", input: "model", type: "MODEL", reroute: 4 }],
  groups: [{ title: "Part", box: [1, 2, 3, 4], color: "#fff", rest: { locked: true } }],
  reroutes: [{ id: 4, pos: [1, 1], links: [7], parent: null }],
  subgraphs: [],
  saved: "opaque",
};

test("a document goes back as it came", () => {
  expect(toNamed(fromNamed(NAMED))).toEqual(NAMED);
});

test("whole numbers of 64 bits stay exact", () => {
  expect(fromNamed(NAMED).nodes["3"]?.values.seed).toBe(18446744073709551615n);
});

test("another colour takes the old body colour along; opening a node keeps other flags", () => {
  const changed = toggleFlag(["3"], "collapsed")(setColor(["3"], "#a8483f")(fromNamed(NAMED)));
  const [node] = toNamed(changed).nodes as Record<string, Json>[];
  expect(node).toMatchObject({ color: "#a8483f", flags: { odd: 1 } });
  expect(node).not.toHaveProperty("bgcolor");
});

test("showing advanced inputs is kept where saved files keep it", () => {
  const [node] = toNamed(toggleAdvanced("3")(fromNamed(NAMED))).nodes as Record<string, Json>[];
  expect(node?.rest).toEqual({ order: 3, showAdvanced: true });
});

test("a point goes with the last wire that passes it", () => {
  const document = fromNamed(NAMED);
  expect(toNamed({ ...document, links: {} }).reroutes).toEqual([]);
});

test("a copy is text that brings nodes and the wires between them", () => {
  const document = setValue("4", "seed", 18446744073709551615n)(chain());
  const clip = readCopy(copy(document, ["4", "5"], []));
  const pasted = paste(document, clip as never, { x: 500, y: 500 }, CATALOGUE, false);
  expect(pasted.nodes).toEqual(["7", "8"]);
  expect(pasted.document.nodes["7"]?.values.seed).toBe(18446744073709551615n);
  expect(wires(pasted.document).filter((one) => /[78]/.test(one))).toEqual(["7.LATENT > 8.samples"]);
});

test("pasted with outside wires, nodes take from where the originals take", () => {
  const document = chain();
  const pasted = paste(
    document,
    readCopy(copy(document, ["5"], [])) as never,
    { x: 0, y: 0 },
    CATALOGUE,
    true,
  );
  expect(wires(pasted.document).filter((one) => one.includes("> 7"))).toEqual([
    "1.VAE > 7.vae",
    "4.LATENT > 7.samples",
  ]);
});

test("other texts are no copy", () => {
  for (const text of ["", "hello", "{", '{"a": 1}', JSON.stringify(NAMED)]) expect(readCopy(text)).toBeNull();
});

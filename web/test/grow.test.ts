import { describe, expect, test } from "vitest";
import { EMPTY, linkInto } from "../src/model/document";
import { choose, newNode, putNode, setValue } from "../src/model/edit";
import { fromNamed, toNamed } from "../src/model/file";
import { inputsOf } from "../src/model/shape";
import { type Catalogue, type NodeInfo, readCatalogue } from "../src/model/spec";
import { connect, cut } from "../src/model/wire";

const part = (name: string, required: Record<string, unknown>, output: string[]): NodeInfo => ({
  input: { required: required as never },
  output,
  name,
});
const CATALOGUE: Catalogue = readCatalogue({
  Picture: part("Picture", {}, ["IMAGE"]),
  Batch: part(
    "Batch",
    {
      images: [
        "COMFY_AUTOGROW_V3",
        { template: { input: { required: { image: ["IMAGE", {}] } }, min: 2, prefix: "image", max: 4 } },
      ],
    },
    ["IMAGE"],
  ),
  Resize: part(
    "Resize",
    {
      kind: [
        "COMFY_DYNAMICCOMBO_V3",
        {
          default: "size",
          options: [
            { key: "size", inputs: { required: { width: ["INT", { default: 8 }], height: ["INT", {}] } } },
            { key: "width", inputs: { required: { width: ["INT", { default: 8 }] } } },
            { key: "match", inputs: { required: { match: ["IMAGE", {}] } } },
          ],
        },
      ],
      method: [["area", "lanczos"], {}],
    },
    ["IMAGE"],
  ),
});
const put = (id: string, type: string) => putNode(newNode(id, CATALOGUE[type] as never, { x: 0, y: 0 }));
const start = put("3", "Resize")(put("2", "Batch")(put("1", "Picture")(EMPTY)));
const names = (document: typeof EMPTY, id: string): string[] => {
  const node = document.nodes[id] as never as Parameters<typeof inputsOf>[0];
  return inputsOf(node, CATALOGUE[node.type]).map((one) => one.name);
};
const wire = (to: string, input: string) => connect({ node: "1", slot: 0 }, to, input, CATALOGUE);

describe("an input that grows", () => {
  test("has as many sockets as there must be, and one to spare when the last is used", () => {
    expect(names(start, "2")).toEqual(["images.image0", "images.image1"]);
    expect(names(wire("2", "images.image0")(start), "2")).toHaveLength(2);
    const full = wire("2", "images.image1")(start);
    expect(names(full, "2")).toEqual(["images.image0", "images.image1", "images.image2"]);
  });

  test("ends where its type says, and shrinks when wires go", () => {
    const full = wire("2", "images.image3")(start);
    expect(names(full, "2")).toHaveLength(4);
    expect(names(cut([1])(full), "2")).toHaveLength(2);
  });

  test("is the same when the file is opened again", () => {
    const full = wire("2", "images.image1")(start);
    const again = fromNamed(toNamed(full));
    expect(names(again, "2")).toEqual(names(full, "2"));
    expect(JSON.stringify(toNamed(full))).not.toContain("wired");
  });
});

describe("inputs that depend on a choice", () => {
  test("are those of the chosen key", () => {
    expect(names(start, "3")).toEqual(["kind", "kind.width", "kind.height", "method"]);
    const other = choose("3", "kind", "match", CATALOGUE)(start);
    expect(names(other, "3")).toEqual(["kind", "kind.match", "method"]);
  });

  test("keep the values that the other key has too, and drop the rest", () => {
    const set = setValue("3", "kind.height", 5)(setValue("3", "kind.width", 4)(start));
    expect(choose("3", "kind", "width", CATALOGUE)(set).nodes["3"]?.values).toEqual({
      kind: "width",
      "kind.width": 4,
      method: "area",
    });
  });

  test("take their wires along when they go", () => {
    const match = choose("3", "kind", "match", CATALOGUE)(start);
    const wired = wire("3", "kind.match")(match);
    expect(linkInto(wired, "3", "kind.match")).toBeDefined();
    expect(choose("3", "kind", "size", CATALOGUE)(wired).links).toEqual({});
  });
});

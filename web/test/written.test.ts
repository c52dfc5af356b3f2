import { describe, expect, test } from "vitest";
import { EMPTY } from "../src/model/document";
import { newNode, putNode } from "../src/model/edit";
import { inputsOf } from "../src/model/shape";
import { readCatalogue } from "../src/model/spec";
import { write } from "../src/model/written";

const CATALOGUE = readCatalogue({
  CustomCombo: {
    name: "CustomCombo",
    input: { required: { choice: [[], { tooltip: "One of the texts." }] } },
    output: ["STRING", "INT"],
  },
});
const SPEC = CATALOGUE.CustomCombo as never;
const start = putNode(newNode("1", SPEC, { x: 0, y: 0 }))(EMPTY);
const put = (name: string, value: string) => write("1", "choice", name, value);
const fruit = put("option2", "pear")(put("option1", "apple")(start));
const node = (document: typeof EMPTY) => document.nodes["1"] as never as Parameters<typeof inputsOf>[0];
const rows = (document: typeof EMPTY) => inputsOf(node(document), SPEC).map((one) => one.name);

describe("a list of texts that is written on a node", () => {
  test("begins with one empty row, and has one to spare from then on", () => {
    expect(rows(start)).toEqual(["choice", "option1"]);
    expect(rows(fruit)).toEqual(["choice", "option1", "option2", "option3"]);
    expect(rows(put("option2", "")(fruit))).toEqual(["choice", "option1", "option2"]);
  });

  test("is what there is to choose from; the first text is chosen at once", () => {
    expect(node(fruit).values).toEqual({
      choice: "apple",
      index: 0,
      option1: "apple",
      option2: "pear",
      option3: "",
    });
    const [choice] = inputsOf(node(fruit), SPEC);
    expect(choice?.widget).toEqual({ kind: "choice", options: ["apple", "pear"], upload: "" });
    expect(node(put("choice", "pear")(fruit)).values).toMatchObject({ choice: "pear", index: 1 });
  });

  test("has its choice follow a text that is written anew, and leave one that is taken away", () => {
    const pear = put("choice", "pear")(fruit);
    expect(node(put("option2", "plum")(pear)).values).toMatchObject({ choice: "plum", index: 1 });
    expect(node(put("option2", "")(pear)).values).toMatchObject({ choice: "apple", index: 0 });
    expect(node(put("option1", "quince")(pear)).values).toMatchObject({ choice: "pear", index: 1 });
  });

  test("keeps a gap where it is, as files have it", () => {
    const gap = put("option1", "")(put("choice", "pear")(fruit));
    expect(node(gap).values).toMatchObject({ choice: "pear", index: 1, option1: "", option2: "pear" });
  });
});

import { describe, expect, test } from "vitest";
import { type Document, EMPTY } from "../src/model/document";
import { putNode, setTitle } from "../src/model/edit";
import { fromNamed, toNamed } from "../src/model/file";
import {
  asked,
  demote,
  formOf,
  isPromoted,
  phraseIn,
  promote,
  shapesOf,
  withPhrase,
} from "../src/model/form";
import { labelField } from "../src/model/reform";
import { connect } from "../src/model/wire";
import { CATALOGUE, node } from "./graph";

const small = (): Document => {
  const types = ["Encode", "Encode", "Latent", "Sampler"];
  const made = types.reduce((before, type, index) => putNode(node(`${index + 1}`, type))(before), EMPTY);
  const wired = connect({ node: "2", slot: 0 }, "4", "negative", CATALOGUE)(made);
  return setTitle("1", "What to show")(wired);
};

const inputs = (document: Document) =>
  asked(document, CATALOGUE, formOf(document, CATALOGUE)).map((one) => `${one.node.id}.${one.spec.name}`);

describe("a document without a form", () => {
  test("asks for the prompt first, then for numbers and the seed", () => {
    expect(inputs(small())).toEqual([
      "1.text",
      "2.text",
      "3.width",
      "4.steps",
      "4.cfg",
      "4.denoise",
      "4.seed",
    ]);
  });

  test("folds away what is to be avoided and what few people need", () => {
    const { fields } = formOf(small(), CATALOGUE);
    expect(fields.filter((one) => one.more).map((one) => `${one.node}.${one.input}`)).toEqual([
      "2.text",
      "4.steps",
      "4.cfg",
    ]);
  });

  test("calls a text as its node is called", () => {
    expect(formOf(small(), CATALOGUE).fields[0]?.label).toBe("What to show");
  });
});

describe("a form of one's own", () => {
  test("keeps what was there when an input is put into it", () => {
    const document = promote("4", "eta", CATALOGUE)(small());
    expect(formOf(document, CATALOGUE).fields).toHaveLength(8);
    expect(isPromoted(document, "4", "eta")).toBe(true);
    expect(isPromoted(small(), "1", "text")).toBe(false);
  });

  test("forgets an input that is taken out, and can call another by other words", () => {
    const document = labelField("1", "text", "Wish", CATALOGUE)(demote("4", "seed", CATALOGUE)(small()));
    expect(inputs(document)).not.toContain("4.seed");
    expect(formOf(document, CATALOGUE).fields[0]?.label).toBe("Wish");
  });

  test("is saved with the file, beside what else is there", () => {
    const document = {
      ...small(),
      kept: { rest: { revision: 3, extra: { ds: 1, safelight: { pins: 2 } } } },
    };
    const saved = toNamed(promote("1", "text", CATALOGUE)(document));
    const rest = saved.rest as { extra: { ds: number; safelight: { pins: number } }; revision: number };
    expect([rest.revision, rest.extra.ds, rest.extra.safelight.pins]).toEqual([3, 1, 2]);
    expect(isPromoted(fromNamed(saved), "1", "text")).toBe(true);
  });

  test("does not ask for what is wired or gone", () => {
    const document = promote("9", "text", CATALOGUE)(small());
    expect(inputs(document)).not.toContain("9.text");
  });
});

describe("phrases", () => {
  const some = ["on a blue background", "oil painting"];

  test("are put at the end, one at a time, and taken away again", () => {
    const blue = withPhrase("a cat", some, "on a blue background");
    expect(blue).toBe("a cat on a blue background");
    expect(phraseIn(blue, some)).toBe("on a blue background");
    expect(withPhrase(blue, some, "oil painting")).toBe("a cat, oil painting");
    expect(withPhrase(blue, some, "on a blue background")).toBe("a cat");
  });
});

describe("sizes", () => {
  test("of another shape lead back to the same", () => {
    for (const side of [64, 512, 1024]) {
      const square = { width: side, height: side };
      const { wide } = shapesOf(square);
      expect(wide.width).toBeGreaterThan(wide.height);
      expect(shapesOf(wide).square).toEqual(square);
      expect(shapesOf(shapesOf(wide).tall).wide).toEqual(wide);
    }
  });
});

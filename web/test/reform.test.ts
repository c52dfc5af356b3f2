import { describe, expect, it } from "vitest";
import { type Document, EMPTY } from "../src/model/document";
import { putNode, setControl } from "../src/model/edit";
import { fromNamed, toNamed } from "../src/model/file";
import { formOf, isPromoted, promote } from "../src/model/form";
import { candidates, foldField, placeField, setAbout } from "../src/model/reform";
import { CATALOGUE, node } from "./graph";

const small = (): Document =>
  ["Encode", "Latent", "Sampler"].reduce(
    (made, type, index) => putNode(node(`${index + 1}`, type))(made),
    EMPTY,
  );
const order = (document: Document): string[] => formOf(document, CATALOGUE).fields.map((one) => one.input);

describe("changing a form", () => {
  it("puts a field elsewhere, and leaves the others in their order", () => {
    expect(order(small())).toEqual(["text", "width", "steps", "cfg", "denoise", "seed"]);
    const moved = placeField("3", "seed", 1, CATALOGUE)(small());
    expect(order(moved)).toEqual(["text", "seed", "width", "steps", "cfg", "denoise"]);
    expect(order(placeField("1", "text", 5, CATALOGUE)(moved)).at(-1)).toBe("text");
  });

  it("changes nothing where a field is to go beyond the ends, or is not there", () => {
    const document = small();
    expect(placeField("1", "text", -1, CATALOGUE)(document)).toBe(document);
    expect(placeField("1", "text", 6, CATALOGUE)(document)).toBe(document);
    expect(placeField("9", "text", 0, CATALOGUE)(document)).toBe(document);
  });

  it("folds a field away and says what the form is for", () => {
    const made = setAbout("Emoji", CATALOGUE)(foldField("2", "width", true, CATALOGUE)(small()));
    const form = formOf(made, CATALOGUE);
    expect(form.about).toBe("Emoji");
    expect(form.fields.find((one) => one.input === "width")?.more).toBe(true);
  });

  it("offers what is not in it", () => {
    const document = promote("3", "eta", CATALOGUE)(small());
    expect(candidates(small(), CATALOGUE, formOf(small(), CATALOGUE)).map((one) => one.input)).toEqual([
      "eta",
    ]);
    expect(candidates(document, CATALOGUE, formOf(document, CATALOGUE))).toEqual([]);
  });

  it("is kept in the file, as is what a seed does after a run", () => {
    const made = setControl("3", "seed", "increment")(placeField("3", "seed", 0, CATALOGUE)(small()));
    const back = fromNamed(JSON.parse(JSON.stringify(toNamed(made))));
    expect(order(back)[0]).toBe("seed");
    expect(isPromoted(back, "3", "seed")).toBe(true);
    expect(back.nodes["3"]?.controls).toEqual({ seed: "increment" });
  });
});

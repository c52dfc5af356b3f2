import { describe, expect, test } from "vitest";
import { EMPTY, linkInto } from "../src/model/document";
import {
  clearValue,
  clearValues,
  dissolve,
  freeId,
  putNode,
  remove,
  setValue,
  toggleFlag,
  toggleMode,
} from "../src/model/edit";
import { carried, frameAround, putFrame } from "../src/model/frame";
import { bestSocket, land, pull, socketOf } from "../src/model/hang";
import { connect, cut, insert, moveWires, reaches, refusal } from "../src/model/wire";
import { CATALOGUE, chain, node, wires } from "./graph";

describe("wires", () => {
  test("an input has one wire: a new one takes the old one's place", () => {
    const after = connect(
      { node: "2", slot: 0 },
      "4",
      "positive",
      CATALOGUE,
    )(putNode(node("7", "Encode"))(chain()));
    const moved = connect({ node: "7", slot: 0 }, "4", "positive", CATALOGUE)(after);
    expect(linkInto(moved, "4", "positive")?.from).toBe("7");
    expect(wires(moved)).toHaveLength(8);
  });

  test("what does not fit is refused, with both types", () => {
    expect(refusal(chain(), { node: "1", slot: 2 }, "4", "model", CATALOGUE)).toEqual({
      reason: "type",
      gives: "VAE",
      takes: "MODEL",
    });
  });

  test("a circle is refused", () => {
    const document = putNode(node("8", "Upscale"))(chain());
    const looped = connect({ node: "4", slot: 0 }, "8", "samples", CATALOGUE)(document);
    expect(refusal(looped, { node: "8", slot: 0 }, "4", "latent", CATALOGUE)).toEqual({ reason: "cycle" });
    expect(refusal(looped, { node: "8", slot: 0 }, "8", "samples", CATALOGUE)).toEqual({ reason: "self" });
    expect(reaches(looped, "1", "8")).toBe(true);
  });

  test("a wire that was pulled off an input goes to another one", () => {
    const document = chain();
    const wire = pull(document, socketOf("4", "in:positive"), CATALOGUE, false);
    const landing = wire && land(document, wire, socketOf("4", "in:negative"), CATALOGUE);
    expect(typeof landing).toBe("function");
    const after = typeof landing === "function" ? landing(document) : document;
    expect(linkInto(after, "4", "positive")).toBeUndefined();
    expect(linkInto(after, "4", "negative")?.from).toBe("2");
  });

  test("all wires of an output move to another that gives the same", () => {
    const document = putNode(node("7", "Encode"))(chain());
    const after = moveWires({ node: "2", slot: 0 }, { node: "7", slot: 0 }, CATALOGUE)(document);
    expect(wires(after).filter((one) => one.startsWith("7."))).toEqual([
      "7.CONDITIONING > 4.negative",
      "7.CONDITIONING > 4.positive",
    ]);
  });

  test("a wire let go over a node takes the input that fits best and is free", () => {
    const document = cut([4])(chain());
    const wire = pull(document, socketOf("2", "out:0"), CATALOGUE, false);
    expect(wire && bestSocket(document, wire, "4", CATALOGUE)?.socket).toBe("negative");
  });

  test("a node is put into a wire", () => {
    const document = putNode(node("7", "Upscale"))(chain());
    const link = linkInto(document, "5", "samples");
    const after = insert("7", link as never, CATALOGUE)(document);
    expect(wires(after)).toContain("4.LATENT > 7.samples");
    expect(wires(after)).toContain("7.LATENT > 5.samples");
    expect(wires(after)).toHaveLength(9);
  });

  test("a node that does not fit leaves the wire as it is", () => {
    const document = putNode(node("7", "Encode"))(chain());
    expect(insert("7", linkInto(document, "5", "samples") as never, CATALOGUE)(document)).toBe(document);
  });
});

describe("nodes", () => {
  test("removing takes a node's wires along and nothing else", () => {
    const after = remove(["4"])(chain());
    expect(Object.keys(after.nodes)).toEqual(["1", "2", "3", "5", "6"]);
    expect(wires(after)).toEqual(["1.CLIP > 2.clip", "1.VAE > 5.vae", "5.IMAGE > 6.images"]);
  });

  test("dissolving leads on what came in", () => {
    const document = insert(
      "7",
      linkInto(chain(), "5", "samples") as never,
      CATALOGUE,
    )(putNode(node("7", "Upscale"))(chain()));
    expect(wires(dissolve(["7"], CATALOGUE)(document))).toEqual(wires(chain()));
  });

  test("a free id is a whole number above all others", () => {
    expect(freeId(putNode({ ...node("1", "Loader"), id: "art" })(chain()))).toBe("7");
  });

  test("muting all of some nodes that are partly muted mutes the rest; then it takes the mute away", () => {
    const once = toggleMode(["4"], "muted")(chain());
    const all = toggleMode(["4", "5"], "muted")(once);
    expect([all.nodes["4"]?.mode, all.nodes["5"]?.mode]).toEqual(["muted", "muted"]);
    expect(toggleMode(["4", "5"], "muted")(all).nodes["4"]?.mode).toBe("run");
  });

  test("a change that changes nothing gives the same document", () => {
    const document = setValue("4", "steps", 30)(chain());
    expect(setValue("4", "steps", 30)(document)).toBe(document);
    expect(clearValue("4", "cfg", CATALOGUE)(document)).toBe(document);
    expect(cut([99])(document)).toBe(document);
  });

  test("a frame carries the nodes whose middle stands in it", () => {
    const document = chain();
    const frame = frameAround(document, ["2", "3"], CATALOGUE, "Prompt");
    const framed = putFrame(frame as never)(document);
    expect(carried(framed, frame as never, CATALOGUE)).toEqual(["2", "3"]);
  });

  test("a collapsed node is as high as its title bar", () => {
    const after = toggleFlag(["4"], "collapsed")(chain());
    expect(after.nodes["4"]?.collapsed).toBe(true);
  });
});

describe("what a new node holds", () => {
  test("is what its fields show where the server has no value of its own, also after a reset", () => {
    const made = putNode(node("1", "Encode"))(EMPTY);
    expect(made.nodes["1"]?.values).toEqual({ text: "" });
    expect(node("2", "Loader").values).toEqual({});
    const written = setValue("1", "text", "a cat")(made);
    expect(clearValue("1", "text", CATALOGUE)(written).nodes["1"]?.values).toEqual({ text: "" });
    expect(clearValues(["1"], CATALOGUE)(written).nodes["1"]?.values).toEqual({ text: "" });
  });
});

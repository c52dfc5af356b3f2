import { describe, expect, it } from "vitest";
import { differences, type Prompt, searchOf } from "../src/model/compare";

const run = (seed: number, text = "an apple"): Prompt => ({
  "1": { class_type: "Encode", inputs: { text }, _meta: { title: "What to show" } },
  "2": { class_type: "KSampler", inputs: { seed, positive: ["1", 0] } },
});

describe("two runs", () => {
  it("differ in what was changed, and in nothing else", () => {
    expect(differences(run(1), run(1))).toEqual([]);
    expect(differences(run(1), run(2, "a pear"))).toEqual([
      { node: "1", title: "What to show", input: "text", before: "an apple", after: "a pear" },
      { node: "2", title: "KSampler", input: "seed", before: "1", after: "2" },
    ]);
  });

  it("differ in nodes that are there or not, and in wires", () => {
    const more: Prompt = { ...run(1), "3": { class_type: "Encode", inputs: {} } };
    expect(differences(run(1), more)).toMatchObject([{ node: "3", before: undefined, after: "Encode" }]);
    const wired: Prompt = {
      ...more,
      "2": { class_type: "KSampler", inputs: { seed: 1, positive: ["3", 0] } },
    };
    expect(differences(more, wired)).toMatchObject([{ before: "What to show (1.0)", after: "Encode (3.0)" }]);
  });
});

describe("a run of a graph and one of the same graph in subgraphs", () => {
  const loose = run(1);
  const within: Prompt = {
    "9:1": loose["1"] as Prompt[string],
    "9:2": { class_type: "KSampler", inputs: { seed: 1, positive: ["9:1", 0] } },
  };

  it("are alike", () => {
    expect(differences(loose, within)).toEqual([]);
    expect(differences(within, loose)).toEqual([]);
  });

  it("are alike when unpacking gave the nodes other ids, and differ in what was changed", () => {
    const unpacked: Prompt = {
      "11": loose["1"] as Prompt[string],
      "12": { class_type: "KSampler", inputs: { seed: 5, positive: ["11", 0] } },
    };
    expect(differences(within, unpacked)).toEqual([
      { node: "9:2", title: "KSampler", input: "seed", before: "1", after: "5" },
    ]);
  });

  it("nodes of one type are paired with those that they are most like", () => {
    const two = (a: string, b: string): Prompt => ({
      [a]: { class_type: "Encode", inputs: { text: "an apple" } },
      [b]: { class_type: "Encode", inputs: { text: "blurred" } },
    });
    expect(differences(two("1", "2"), two("7", "6"))).toEqual([]);
  });
});

describe("a search of the history", () => {
  it("asks for words, seeds and models", () => {
    expect(searchOf(" red  apple model:emoji")).toEqual({ text: "red apple", model: "emoji" });
    expect(searchOf("18446744073709551615")).toEqual({ seed: "18446744073709551615" });
    expect(searchOf("seed:7 12 cats")).toEqual({ seed: "7", text: "12 cats" });
    expect(searchOf("  ")).toEqual({});
  });
});

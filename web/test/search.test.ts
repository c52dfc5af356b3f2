import { expect, test } from "vitest";
import { rank, score, search } from "../src/model/search";
import { CATALOGUE } from "./graph";

const find = (query: string) =>
  search(query, Object.values(CATALOGUE), (spec) => ({
    name: spec.title,
    others: [spec.id, ...spec.aliases],
    place: spec.category,
    text: spec.description,
  })).map((spec) => spec.id);

test.each([
  ["ksampler", "Sampler"],
  ["ksam", "Sampler"],
  ["prompt", "Encode"],
  ["vae dec", "Decode"],
  ["decode vae", "Decode"],
  ["lckpt", "Loader"],
  ["save", "Save"],
  ["denoise", "Sampler"],
])("%s finds %s first", (query, id) => expect(find(query)[0]).toBe(id));

test("what does not answer is left out", () => {
  expect(find("zzzz")).toEqual([]);
  expect(rank("save image banana", { name: "Save Image" })).toBe(0);
});

test("the beginning of a word counts more than its middle", () => {
  expect(score("en", "Text Encode")).toBeGreaterThan(score("en", "Open"));
});

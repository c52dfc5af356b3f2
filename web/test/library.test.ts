import { expect, test } from "vitest";
import { loaderOf, sizeShown, use } from "../src/model/library";
import { CATALOGUE, chain } from "./graph";

test("a model is chosen at the node that can take it", () => {
  const document = use({ name: "b" }, "1", { x: 0, y: 0 }, CATALOGUE)(chain());
  expect(document.nodes["1"]?.values.name).toBe("b");
});

test("where no such node is chosen, one that loads it is added", () => {
  const document = use({ name: "b" }, "3", { x: 10, y: 20 }, CATALOGUE)(chain());
  expect(document.nodes["7"]?.type).toBe("Loader");
  expect(document.nodes["7"]?.values.name).toBe("b");
});

test("what no node loads changes nothing", () => {
  const document = chain();
  expect(loaderOf({ name: "z" }, CATALOGUE)).toBeUndefined();
  expect(use({ name: "z" }, undefined, { x: 0, y: 0 }, CATALOGUE)(document)).toBe(document);
});

test("sizes are said as people say them", () => {
  expect([900, 4_265_000_000, 167_000_000].map(sizeShown)).toEqual(["1 kB", "4.3 GB", "167 MB"]);
});

import { expect, test } from "vitest";
import { group } from "../src/model/group";
import { subgraphSpecs } from "../src/model/instance";
import { resultNode } from "../src/model/result";
import { CATALOGUE, chain } from "./graph";

test("the result of a graph is what its last output shows", () => {
  expect(resultNode(chain(), CATALOGUE, (id) => id === "6")).toBe("6");
  expect(resultNode(chain(), CATALOGUE, () => false)).toBeNull();
  expect(resultNode(chain(), CATALOGUE, (id) => id === "5")).toBeNull();
});

test("an output within a subgraph counts too", () => {
  const made = group(chain(), ["5", "6"], "sub", "Finish", CATALOGUE);
  if (!made) throw new Error("nothing was grouped");
  const { document, instance } = made;
  const specs = { ...CATALOGUE, ...subgraphSpecs(document.subgraphs, CATALOGUE) };
  expect(resultNode(document, specs, (id) => id === instance)).toBe(instance);
});

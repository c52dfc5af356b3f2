import { describe, expect, test } from "vitest";
import { needed, targetsOf } from "../src/model/demand";
import { toggleMode } from "../src/model/edit";
import { group } from "../src/model/group";
import { subgraphSpecs } from "../src/model/instance";
import { CATALOGUE, chain } from "./graph";

const grouped = () => {
  const made = group(chain(), ["4", "5"], "sub", "Make", CATALOGUE);
  if (!made) throw new Error("nothing was grouped");
  const specs = { ...CATALOGUE, ...subgraphSpecs(made.document.subgraphs, CATALOGUE) };
  return { ...made, specs };
};

describe("a run to a node", () => {
  test("asks for that node alone, whatever it gives", () => {
    expect(targetsOf(chain(), "4", CATALOGUE)).toEqual(["4"]);
  });

  test("asks a subgraph for what makes its outputs", () => {
    const { document, instance, specs } = grouped();
    expect(targetsOf(document, instance, specs)).toEqual([`${instance}:5`]);
  });

  test("asks for nothing where a node does not run", () => {
    expect(targetsOf(toggleMode(["4"], "muted")(chain()), "4", CATALOGUE)).toEqual([]);
  });
});

describe("what waits when a run begins", () => {
  test("is all that the outputs need", () => {
    expect(needed(chain(), CATALOGUE).sort()).toEqual(["1", "2", "3", "4", "5", "6"]);
  });

  test("is what lies before the node that is run to", () => {
    expect(needed(chain(), CATALOGUE, ["2"]).sort()).toEqual(["1", "2"]);
  });

  test("is found within subgraphs and around them", () => {
    const { document, specs } = grouped();
    expect(needed(document, specs).sort()).toEqual(["1", "2", "3", "6", "7:4", "7:5"]);
  });

  test("is nothing that a muted output would have needed", () => {
    expect(needed(toggleMode(["6"], "muted")(chain()), CATALOGUE)).toEqual([]);
  });
});

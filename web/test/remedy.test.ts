import { describe, expect, it } from "vitest";
import { linkInto } from "../src/model/document";
import { changeNodes, setValue } from "../src/model/edit";
import { type Remedy, remedies } from "../src/model/remedy";
import { cut } from "../src/model/wire";
import { CATALOGUE, chain, wires } from "./graph";

const doing = (remedy: Remedy | undefined) => {
  if (!remedy || !("edit" in remedy)) throw new Error("nothing to do");
  return remedy.edit;
};

describe("what can be done about a failure", () => {
  it("connects what lacks to the nearest node that gives it", () => {
    const link = linkInto(chain(), "5", "vae");
    const broken = cut([link?.id ?? 0])(chain());
    const [remedy] = remedies(broken, "5", "vae", CATALOGUE);
    expect(wires(doing(remedy)(broken))).toEqual(wires(chain()));
  });

  it("looks for a node where none gives it", () => {
    const broken = cut([linkInto(chain(), "6", "images")?.id ?? 0])(chain());
    const { "5": _, ...nodes } = broken.nodes;
    expect(remedies({ ...broken, nodes }, "6", "images", CATALOGUE)).toEqual([
      { kind: "add", type: "IMAGE", input: "images" },
    ]);
  });

  it("never makes a circle", () => {
    const broken = cut([linkInto(chain(), "4", "latent")?.id ?? 0])(chain());
    const found = remedies(broken, "4", "latent", CATALOGUE);
    expect(found.map((one) => one.kind === "connect" && one.title)).toEqual(["Latent"]);
  });

  it("sets a number to its bound and a choice to the name that is spelled most like it", () => {
    const high = setValue("4", "steps", 99999)(chain());
    expect(remedies(high, "4", "steps", CATALOGUE)).toMatchObject([{ kind: "value", value: 10000 }]);
    const wrong = setValue("1", "name", "bb")(chain());
    expect(remedies(wrong, "1", "name", CATALOGUE)).toMatchObject([{ kind: "value", value: "b" }]);
  });

  it("makes a type of one that is spelled a little wrong, and nothing of a strange one", () => {
    const named = (type: string) => changeNodes(["4"], (node) => ({ ...node, type }))(chain());
    const [remedy] = remedies(named("Samplr"), "4", "", CATALOGUE);
    expect(doing(remedy)(named("Samplr")).nodes["4"]?.type).toBe("Sampler");
    expect(remedies(named("Something Else Entirely"), "4", "", CATALOGUE)).toEqual([]);
  });

  it("runs again what failed for no fault of an input", () => {
    expect(remedies(chain(), "4", "", CATALOGUE)).toEqual([{ kind: "again" }]);
  });
});

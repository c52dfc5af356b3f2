import { describe, expect, it } from "vitest";
import type { Document, Link } from "../src/model/document";
import { putNode, toggleMode } from "../src/model/edit";
import { look } from "../src/model/focus";
import { group } from "../src/model/group";
import { sourceOf } from "../src/model/source";
import { connect } from "../src/model/wire";
import { CATALOGUE, chain, node } from "./graph";

const into = (document: Document, to: string, input: string): Link => {
  const link = Object.values(document.links).find((one) => one.to === to && one.input === input);
  if (!link) throw new Error(`nothing is wired to ${input} of ${to}`);
  return link;
};

function grouped(): Document {
  const made = group(chain(), ["4", "5"], "sub", "Make", CATALOGUE);
  if (!made) throw new Error("nothing was grouped");
  return made.document;
}

describe("what goes through a wire", () => {
  it("is made by the node that the wire leaves", () => {
    expect(sourceOf(chain(), into(chain(), "5", "vae"))).toEqual({ node: "1", slot: 2 });
  });

  it("comes from within a subgraph, by the way that a run calls it", () => {
    const document = grouped();
    expect(sourceOf(document, into(document, "6", "images"))).toEqual({ node: "7:5", slot: 0 });
  });

  it("comes from around the subgraph that one looks into", () => {
    const inside = look(grouped(), ["7"]);
    expect(sourceOf(inside, into(inside, "4", "latent"))).toEqual({ node: "3", slot: 0 });
    expect(sourceOf(inside, into(inside, "5", "samples"))).toEqual({ node: "7:4", slot: 0 });
    expect(sourceOf(inside, into(inside, "output", "0"))).toEqual({ node: "7:5", slot: 0 });
  });

  it("goes through a bypassed node, and does not come from one that is muted", () => {
    const between = putNode(node("9", "Upscale", 1000))(chain());
    const first = connect({ node: "4", slot: 0 }, "9", "samples", CATALOGUE)(between);
    const wired = connect({ node: "9", slot: 0 }, "5", "samples", CATALOGUE)(first);
    const bypassed = toggleMode(["9"], "bypassed")(wired);
    const muted = toggleMode(["9"], "muted")(wired);
    expect(sourceOf(bypassed, into(bypassed, "5", "samples"))).toEqual({ node: "4", slot: 0 });
    expect(sourceOf(muted, into(muted, "5", "samples"))).toBeNull();
  });
});

import { describe, expect, test } from "vitest";
import { removeBorder, renameBorder } from "../src/model/border";
import { copy, paste, readCopy } from "../src/model/clipboard";
import type { Document } from "../src/model/document";
import { putNode, remove, setValue } from "../src/model/edit";
import { fromNamed, toNamed } from "../src/model/file";
import { everyNode, isSameDocument, look, whole } from "../src/model/focus";
import { group, promote, unpack } from "../src/model/group";
import { subgraphSpecs } from "../src/model/instance";
import { inputsOf, outputsOf } from "../src/model/shape";
import { connect } from "../src/model/wire";
import { CATALOGUE, chain, node, wires } from "./graph";

const specs = (document: Document) => ({
  ...CATALOGUE,
  ...subgraphSpecs(document.subgraphs, CATALOGUE),
});
function grouped(ids: string[] = ["4", "5"]): { document: Document; instance: string } {
  const made = group(chain(), ids, "sub", "Make", CATALOGUE);
  if (!made) throw new Error("nothing was grouped");
  return made;
}
/** The document seen from inside, with the sampler's steps shown outside. */
function promoted(): { inside: Document; outside: Document; instance: string } {
  const { document, instance } = grouped();
  const inside = promote("4", "steps", CATALOGUE)(look(document, [instance]));
  return { inside, outside: whole(inside), instance };
}
const names = (document: Document, id: string): string[] => {
  const one = document.nodes[id] as never as Parameters<typeof inputsOf>[0];
  return inputsOf(one, specs(document)[one.type]).map((input) => input.name);
};

describe("putting nodes into a subgraph", () => {
  test("leads outside wires over its borders; one output that feeds two inputs needs one", () => {
    const { document, instance } = grouped();
    expect(instance).toBe("7");
    expect(document.subgraphs.sub?.inputs.map((one) => [one.name, one.type])).toEqual([
      ["model", "MODEL"],
      ["positive", "CONDITIONING"],
      ["latent", "LATENT"],
      ["vae", "VAE"],
    ]);
    expect(document.subgraphs.sub?.outputs).toEqual([{ name: "IMAGE", type: "IMAGE" }]);
    expect(wires(document)).toEqual([
      "1.CLIP > 2.clip",
      "1.MODEL > 7.model",
      "1.VAE > 7.vae",
      "2.CONDITIONING > 7.positive",
      "3.LATENT > 7.latent",
      "7.IMAGE > 6.images",
    ]);
  });

  test("and unpacking it gives the same wires again", () => {
    const { document, instance } = grouped();
    const back = unpack(document, instance, specs(document));
    const [sampler, decode] = back?.nodes ?? [];
    const expected = wires(chain()).map((one) =>
      one.replace(/\b4\./g, `${sampler}.`).replace(/\b5\./g, `${decode}.`),
    );
    expect(wires(back?.document as Document)).toEqual(expected.sort());
    expect(back?.document.subgraphs).toEqual({});
  });

  test("an id within is taken outside too", () => {
    const { document } = grouped(["4", "5", "6"]);
    const made = group(document, ["1"], "other", "Other", specs(document));
    expect(made?.instance).toBe("8");
  });
});

describe("inside a subgraph", () => {
  test("its borders are there as nodes, and what is edited is there outside", () => {
    const { document, instance } = grouped();
    const inside = look(document, [instance]);
    expect(Object.keys(inside.nodes).sort()).toEqual(["4", "5", "input", "output"]);
    const changed = whole(setValue("4", "steps", 7)(inside));
    expect(changed.subgraphs.sub?.drawing.nodes["4"]?.values.steps).toBe(7);
    expect(Object.keys(changed.nodes)).toEqual(Object.keys(document.nodes));
  });

  test("looking in and out changes nothing", () => {
    const { document, instance } = grouped();
    expect(isSameDocument(document, whole(look(document, [instance])))).toBe(true);
    expect(isSameDocument(document, look(document, [instance]))).toBe(true);
    expect(isSameDocument(document, setValue("4", "steps", 7)(look(document, [instance])))).toBe(false);
  });

  test("a wire to the spare socket of a border makes an output", () => {
    const { document, instance } = grouped();
    const inside = look(document, [instance]);
    const wired = whole(connect({ node: "4", slot: 0 }, "output", "1", CATALOGUE)(inside));
    expect(wired.subgraphs.sub?.outputs.map((one) => one.name)).toEqual(["IMAGE", "LATENT"]);
    expect(outputsOf(wired.nodes[instance] as never, specs(wired).sub)).toHaveLength(2);
  });

  test("borders are not deleted as nodes", () => {
    const { document, instance } = grouped();
    const inside = remove(["input", "4"])(look(document, [instance]));
    expect(Object.keys(inside.nodes).sort()).toEqual(["5", "input", "output"]);
  });

  test("an output that is taken away takes its wires along, and the next ones move up", () => {
    const { document, instance } = grouped();
    const inside = connect({ node: "4", slot: 0 }, "output", "1", CATALOGUE)(look(document, [instance]));
    const more = whole(inside);
    const used = connect(
      { node: instance, slot: 1 },
      "9",
      "samples",
      specs(more),
    )(putNode(node("9", "Upscale"))(more));
    const less = whole(removeBorder(look(used, [instance]), "output", 0));
    expect(less.subgraphs.sub?.outputs.map((one) => one.name)).toEqual(["LATENT"]);
    expect(wires(less)).toContain(`${instance}.LATENT > 9.samples`);
    expect(wires(less).some((one) => one.endsWith("6.images"))).toBe(false);
    expect(Object.values(less.links).find((link) => link.from === instance)?.slot).toBe(0);
  });

  test("an input is given another label", () => {
    const { document, instance } = grouped();
    const renamed = whole(renameBorder(look(document, [instance]), "input", 0, "Which model"));
    expect(renamed.subgraphs.sub?.inputs[0]).toEqual({ name: "model", type: "MODEL", label: "Which model" });
  });
});

describe("a value shown on the subgraph", () => {
  test("is entered there with the widget of the node within, beginning with what it holds", () => {
    const { inside, instance } = promoted();
    const held = whole(setValue("4", "steps", 9)(inside));
    const input = inputsOf(held.nodes[instance] as never, specs(held).sub).find(
      (one) => one.name === "steps",
    );
    expect([input?.widget?.kind, input?.start]).toEqual(["number", 9]);
  });

  test("goes along when it is unpacked", () => {
    const { outside, instance } = promoted();
    const set = setValue(instance, "steps", 33)(outside);
    const back = unpack(set, instance, specs(set));
    expect(back?.document.nodes[back.nodes[0] as string]?.values.steps).toBe(33);
  });

  test("is in the file as a socket that stands for a value", () => {
    const { outside, instance } = promoted();
    const named = toNamed(outside, CATALOGUE);
    const told = named.nodes.find((one) => (one as { id: string }).id === instance) as never as {
      inputs: unknown[];
    };
    expect(told.inputs).toContainEqual({ name: "steps", type: "INT", widget: "steps" });
  });

  test("of an older file is what the node itself lists", () => {
    const { document, instance } = grouped();
    const old = document.nodes[instance] as never as Parameters<typeof inputsOf>[0];
    const listed = {
      ...old,
      rest: {
        properties: {
          proxyWidgets: [
            ["4", "cfg"],
            ["4", "$$preview"],
          ],
        },
      },
    };
    expect(names(putNode(listed)(document), instance)).toEqual(["model", "positive", "latent", "vae", "cfg"]);
  });
});

describe("files", () => {
  test("say the same when they are read and written, from wherever one looks", () => {
    const { outside, inside } = promoted();
    const named = toNamed(outside, CATALOGUE);
    expect(toNamed(inside, CATALOGUE)).toEqual(named);
    expect(toNamed(fromNamed(JSON.parse(JSON.stringify(named))), CATALOGUE)).toEqual(named);
  });

  test("a copy carries its subgraph, which is not put into itself", () => {
    const { document, instance } = grouped();
    const clip = readCopy(copy(document, [instance], [])) as Document;
    const pasted = paste(chain(), clip, { x: 0, y: 0 }, CATALOGUE, false);
    expect(pasted.document.subgraphs.sub?.name).toBe("Make");
    expect(paste(look(document, [instance]), clip, { x: 0, y: 0 }, CATALOGUE, false).nodes).toEqual([]);
  });

  test("nodes within are called by the way to them", () => {
    const { document, instance } = grouped();
    expect([...everyNode(look(document, [instance])).keys()]).toContain(`${instance}:4`);
  });
});

test("what was never entered on a subgraph is unset, though a list of values has null for it", () => {
  const { outside, instance } = promoted();
  const named = toNamed(outside, CATALOGUE);
  const nodes = named.nodes.map((one) =>
    (one as { id: string }).id === instance ? { ...(one as object), values: { steps: null } } : one,
  ) as typeof named.nodes;
  const read = fromNamed({ ...named, nodes });
  expect(read.nodes[instance]?.values).toEqual({});
  const laid = unpack(read, instance, specs(read));
  const within = laid?.nodes.map((id) => laid.document.nodes[id]?.values.steps);
  expect(within).not.toContain(null);
});

import { expect, test } from "vitest";
import type { Document } from "../src/model/document";
import { setControl, setValue } from "../src/model/edit";
import { followIn, followOut } from "../src/model/follow";
import { asked, formOf, ownForm, promote } from "../src/model/form";
import { group, unpack } from "../src/model/group";
import { subgraphSpecs } from "../src/model/instance";
import { CATALOGUE, chain } from "./graph";

const specs = (document: Document) => ({
  ...CATALOGUE,
  ...subgraphSpecs(document.subgraphs, CATALOGUE),
});
const before = () => promote("4", "steps", CATALOGUE)(setValue("4", "steps", 7)(chain()));

test("what the form asks of a node is still asked when the node is in a subgraph", () => {
  const document = before();
  const made = group(document, ["4", "5"], "sub", "Make", CATALOGUE);
  if (!made) throw new Error("nothing was grouped");
  const after = followIn(made, CATALOGUE);
  const fields = asked(after, specs(after), formOf(after, specs(after)));
  expect(fields).toHaveLength(asked(document, CATALOGUE, formOf(document, CATALOGUE)).length);
  const steps = fields.find((one) => one.spec.name === "steps");
  expect([steps?.node.id, steps?.node.values.steps]).toEqual([made.instance, 7]);
});

test("what happens to a seed after a run happens to it on the subgraph", () => {
  const document = setControl("4", "seed", "increment")(promote("4", "seed", CATALOGUE)(chain()));
  const made = group(document, ["4", "5"], "sub", "Make", CATALOGUE);
  const after = made && followIn(made, CATALOGUE);
  expect(after?.nodes[made?.instance ?? ""]?.controls).toEqual({ seed: "increment" });
});

test("and of that node again when the subgraph is unpacked", () => {
  const made = group(before(), ["4", "5"], "sub", "Make", CATALOGUE);
  if (!made) throw new Error("nothing was grouped");
  const packed = followIn(made, CATALOGUE);
  const done = unpack(packed, made.instance, specs(packed));
  if (!done) throw new Error("nothing was unpacked");
  const after = followOut(done, made.instance);
  const field = ownForm(after)?.fields.find((one) => one.input === "steps");
  expect(after.nodes[field?.node ?? ""]?.type).toBe("Sampler");
});

test("a document without a form of its own gets none by it", () => {
  const made = group(chain(), ["4", "5"], "sub", "Make", CATALOGUE);
  expect(made && ownForm(followIn(made, CATALOGUE))).toBeNull();
});

import { expect, test } from "vitest";
import { toggleAdvanced } from "../src/model/edit";
import { markdown } from "../src/model/markdown";
import { inputY, shapeOf } from "../src/model/shape";
import { fits } from "../src/model/spec";
import { fromWire, same, toWire } from "../src/model/value";
import { CATALOGUE, chain } from "./graph";

test("sockets fit by type, by one of several types, and by *", () => {
  expect(fits("IMAGE", "IMAGE")).toBe(true);
  expect(fits("INT", "INT,FLOAT")).toBe(true);
  expect(fits("*", "MODEL")).toBe(true);
  expect(fits("MASK", "IMAGE")).toBe(false);
});

test("advanced inputs take no room until they are shown", () => {
  const document = chain();
  const spec = CATALOGUE.Sampler;
  const before = shapeOf(document.nodes["4"] as never, spec);
  const after = shapeOf(toggleAdvanced("4")(document).nodes["4"] as never, spec);
  expect(before.hidden).toBe(1);
  expect(after.widgets.map((row) => row.spec.name)).toContain("eta");
  expect(after.minHeight).toBeGreaterThan(before.minHeight);
});

test("all sockets of a collapsed node are in its title bar", () => {
  const node = { ...(chain().nodes["4"] as never as object), collapsed: true } as never;
  const shape = shapeOf(node, CATALOGUE.Sampler);
  expect(shape.height).toBe(30);
  expect(inputY(shape, "latent", true)).toBe(15);
});

test("values go over the wire and back", () => {
  const value = { seed: 2n ** 60n, list: [1, "a", null, { deep: true }] };
  expect(same(fromWire(toWire(value)), value)).toBe(true);
  expect(same({ a: 1 }, { a: 1, b: 2 })).toBe(false);
});

test("notes are read as Markdown, and only addresses of the web become links", () => {
  const [heading, words, list] = markdown(
    "## Head\n\nSome **bold** and *soft* [site](https://a.b) [evil](javascript:alert(1))\n\n- one\n- two",
  );
  expect(heading).toEqual({ kind: "heading", level: 2, spans: [{ kind: "text", text: "Head" }] });
  expect(words?.kind === "text" && words.spans.filter((one) => one.kind === "link")).toHaveLength(1);
  expect(list?.kind === "list" && list.items).toHaveLength(2);
});

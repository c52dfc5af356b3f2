import { expect, test } from "vitest";
import { toggleMode } from "../src/model/edit";
import { after, endsOf } from "../src/model/ends";
import { CATALOGUE, chain } from "./graph";

test("what goes through a node is told by its wired inputs and all its outputs", () => {
  const told = endsOf(chain(), "5", CATALOGUE).map(({ output, name, source, others }) => [
    output ? "out" : "in",
    name,
    `${source?.node}.${source?.slot}`,
    others.map((one) => `${one.node}.${one.name}`).join(),
  ]);
  expect(told).toEqual([
    ["in", "samples", "4.0", "4.LATENT"],
    ["in", "vae", "1.2", "1.VAE"],
    ["out", "IMAGE", "5.0", "6.images"],
  ]);
});

test("nothing comes out of a node that is off", () => {
  const off = toggleMode(["4"], "muted")(chain());
  expect(endsOf(off, "5", CATALOGUE)[0]?.source).toBeNull();
  expect(endsOf(off, "4", CATALOGUE).at(-1)?.source).toBeNull();
});

test("walking through a list goes round, and begins at its beginning", () => {
  expect(after([3, 5, 7], 5)).toBe(7);
  expect(after([3, 5, 7], 7)).toBe(3);
  expect(after([3, 5, 7], undefined)).toBe(3);
  expect(after([], undefined)).toBeUndefined();
});

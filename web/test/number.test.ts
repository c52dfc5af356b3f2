import { expect, test } from "vitest";
import { calculate } from "../src/model/arithmetic";
import { setControl, setValue } from "../src/model/edit";
import { fill, format, type NumberWidget, parse, random, stepBy } from "../src/model/number";
import { afterRun } from "../src/model/seed";
import { CATALOGUE, chain } from "./graph";

const widget = (type: string, name: string): NumberWidget =>
  CATALOGUE[type]?.inputs.find((one) => one.name === name)?.widget as NumberWidget;
const SEED = widget("Sampler", "seed");
const CFG = widget("Sampler", "cfg");
const WIDTH = widget("Latent", "width");
const LARGEST = 18446744073709551615n;

test.each([
  ["512*2", 1024],
  ["(3+1)/2", 2],
  ["2^10", 1024],
  ["-2^2", 4],
  ["1e-3", 0.001],
  ["50%", 0.5],
  ["1,5 + 1", 2.5],
  [" 7 ", 7],
  ["2*-3", -6],
])("the sum %s is %s", (sum, value) => expect(calculate(sum)).toBeCloseTo(value));

test.each(["", "1+", "(2", "2)", "a", "1 2", "1/0", "--", "2**"])("%j is no sum", (sum) =>
  expect(calculate(sum)).toBeNull(),
);

test("a seed of 64 bits is typed, kept and counted exactly", () => {
  expect(SEED.max).toBe(LARGEST);
  expect(parse("18446744073709551614", SEED)).toBe(LARGEST - 1n);
  expect(parse("99999999999999999999999", SEED)).toBe(LARGEST);
  expect(stepBy(LARGEST - 1n, SEED, 1)).toBe(LARGEST);
  expect(format(LARGEST, SEED)).toBe("18446744073709551615");
  expect(random(SEED, new BigUint64Array([LARGEST]))).toBe(LARGEST);
});

test("numbers are shown without needless noughts and never rounded away", () => {
  expect(format(8, CFG)).toBe("8");
  expect(format(7.5, CFG)).toBe("7.5");
  expect(format(0.123456, CFG)).toBe("0.123456");
});

test("steps keep to the grid and to the range", () => {
  expect(stepBy(8, CFG, 1)).toBe(8.1);
  expect(stepBy(100, CFG, 5)).toBe(100);
  expect(stepBy(512, WIDTH, 1)).toBe(520);
  expect(stepBy(513, WIDTH, 1)).toBe(520);
});

test("only a short range fills its field", () => {
  expect(fill(0.25, widget("Sampler", "denoise"))).toBe(0.25);
  expect(fill(8, CFG)).toBeNull();
  expect(fill(5, SEED)).toBeNull();
});

test("after a run, seeds are counted on or drawn anew as asked", () => {
  const counted = setControl("4", "seed", "increment")(setValue("4", "seed", LARGEST - 1n)(chain()));
  const after = afterRun(counted, CATALOGUE).reduce((made, edit) => edit(made), counted);
  expect(after.nodes["4"]?.values.seed).toBe(LARGEST);
  expect(afterRun(setControl("4", "seed", "fixed")(chain()), CATALOGUE)).toEqual([]);
});

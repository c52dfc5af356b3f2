import { expect, test } from "vitest";
import { usual } from "../src/model/everyday";
import { readCatalogue } from "../src/model/spec";
import { INFOS } from "./graph";

const { Loader, Upscale, Decode } = INFOS as Required<typeof INFOS>;
const SPECS = Object.values(
  readCatalogue({
    Loader,
    AAA: { ...Upscale, name: "AAA", display_name: "Aaa" },
    VAEDecode: { ...Decode, name: "VAEDecode" },
    CheckpointLoaderSimple: { ...Loader, name: "CheckpointLoaderSimple" },
  } as never),
);
const latent = { node: "1", type: "LATENT", output: true, socket: "0" } as never;
const first = (wire: never | null, used = (_: string) => 0) => usual(SPECS, wire, used).map((one) => one.id);

test("before a word is typed, everyday nodes come before the others", () => {
  expect(first(null).slice(0, 2)).toEqual(["CheckpointLoaderSimple", "VAEDecode"]);
});

test("a wire that was let go is offered the everyday node that takes it", () => {
  expect(first(latent).slice(0, 2)).toEqual(["VAEDecode", "AAA"]);
});

test("what a person used comes before what is usual", () => {
  expect(first(latent, (id) => (id === "AAA" ? 1 : 0)).slice(0, 2)).toEqual(["AAA", "VAEDecode"]);
});

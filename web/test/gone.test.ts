import { expect, test } from "vitest";
import { setValue, toggleMode } from "../src/model/edit";
import { goneChoices } from "../src/model/gone";
import { CATALOGUE, chain } from "./graph";

test("a choice that there is not is told with the nodes that make it", () => {
  const document = setValue("1", "name", "lost")(chain());
  expect(goneChoices(document, CATALOGUE)).toEqual([{ name: "lost", nodes: ["1"], input: "name" }]);
  expect(goneChoices(chain(), CATALOGUE)).toEqual([]);
});

test("nodes that are off and files of other folders lack nothing", () => {
  const lost = setValue("1", "name", "lost")(chain());
  expect(goneChoices(toggleMode(["1"], "muted")(lost), CATALOGUE)).toEqual([]);
  expect(goneChoices(setValue("1", "name", "a.png [output]")(lost), CATALOGUE)).toEqual([]);
});

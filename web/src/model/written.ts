import type { GraphNode } from "./document";
import { changeNodes, type Edit } from "./edit";
import type { InputSpec } from "./spec";
import type { Value } from "./value";

/** A list of texts that is written on a node: `option1`, `option2` and so on, the last one empty. */
type Values = GraphNode["values"];

const OPTION = /^option([1-9]\d{0,3})$/;
const MOST = 1000;

const numberOf = (name: string): number => Number(OPTION.exec(name)?.[1] ?? 0);
const optionOf = (number: number): string => `option${number}`;

/** The texts by their places, as far as there are any; what is not written is empty. */
function textsOf(values: Values): string[] {
  const numbers = Object.keys(values).filter(
    (name) => typeof values[name] === "string" && values[name] !== "",
  );
  const last = Math.min(MOST, Math.max(0, ...numbers.map(numberOf)));
  return Array.from({ length: last }, (_, at) => String(values[optionOf(at + 1)] ?? ""));
}

/** What there is to choose from. */
export const writtenTexts = (values: Values): string[] => textsOf(values).filter((text) => text !== "");

/** The inputs of such a node: the choice among its texts, a row for each of them and one to spare. */
export function writtenInputs(choice: InputSpec, values: Values): InputSpec[] {
  const options = writtenTexts(values);
  const rows = Math.min(MOST, textsOf(values).length + 1);
  return [
    {
      ...choice,
      widget: { kind: "choice", options: [...new Set(options)], upload: "" },
      start: options[0] ?? "",
    },
    ...Array.from({ length: rows }, (_, at) => textInput(choice, optionOf(at + 1))),
  ];
}

const textInput = ({ name, tip }: InputSpec, option: string): InputSpec => ({
  name: option,
  type: "STRING",
  required: false,
  widget: { kind: "text", multiline: false },
  start: "",
  tip,
  advanced: false,
  written: name,
});

/** Choose one of the texts, or write one of them; the choice follows its text, and its place is kept beside it. */
export const write = (id: string, choice: string, name: string, value: Value): Edit =>
  changeNodes([id], (node) => {
    const before = node.values[name];
    if (before === value) return node;
    const values = { ...node.values, [name]: value };
    if (name !== choice && (values[choice] === before || values[choice] === undefined))
      values[choice] = value;
    return { ...node, values: settled(values, choice) };
  });

/** With a choice that is in the list, its place, and one empty text at the end. */
function settled(values: Values, choice: string): Values {
  const texts = textsOf(values);
  const others = Object.fromEntries(Object.entries(values).filter(([name]) => numberOf(name) === 0));
  const chosen = texts.includes(String(values[choice])) ? values[choice] : (writtenTexts(values)[0] ?? "");
  const options = Object.fromEntries([...texts, ""].map((text, at) => [optionOf(at + 1), text]));
  return { ...others, [choice]: chosen as Value, index: texts.indexOf(String(chosen)), ...options };
}

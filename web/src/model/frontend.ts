import { frontend as say } from "../text/frontend";
import type { InputSpec, OutputSpec, Spec } from "./spec";

const input = (name: string, type: string, widget: InputSpec["widget"]): InputSpec => ({
  name,
  type,
  required: false,
  widget,
  start: widget ? "" : undefined,
  tip: "",
  advanced: false,
});
const output = (type: string): OutputSpec => ({ name: type === "*" ? "" : type, type, list: false, tip: "" });

const drawn = (spec: Partial<Spec> & Pick<Spec, "id" | "title" | "description" | "aliases">): Spec => ({
  category: "utilities",
  inputs: [],
  outputs: [],
  root: false,
  deprecated: false,
  experimental: false,
  ...spec,
});

/** Node types that exist in saved files and never reach the engine. */
export const FRONTEND: Readonly<Record<string, Spec>> = {
  Note: drawn({
    id: "Note",
    ...say.note,
    inputs: [input("text", "STRING", { kind: "text", multiline: true })],
  }),
  MarkdownNote: drawn({
    id: "MarkdownNote",
    ...say.markdown,
    inputs: [input("text", "STRING", { kind: "text", multiline: true })],
  }),
  Reroute: drawn({
    id: "Reroute",
    ...say.reroute,
    inputs: [input("", "*", null)],
    outputs: [output("*")],
  }),
};

export const isNote = (type: string): boolean => type === "Note" || type === "MarkdownNote";

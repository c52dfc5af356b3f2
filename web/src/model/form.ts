import { type Document, type GraphNode, linkInto, linksFrom, type Rest } from "./document";
import type { Edit } from "./edit";
import { isNote } from "./frontend";
import { inputsOf } from "./shape";
import type { Catalogue, InputSpec } from "./spec";
import type { Json } from "./value";

/** One input that a form asks for. */
export interface FormField {
  readonly node: string;
  readonly input: string;
  /** What is asked, in words; empty for the input's own name. */
  readonly label: string;
  /** Whether it is folded away under "More". */
  readonly more: boolean;
  /** Words that a press adds to a text: styles. Only one of them at a time. */
  readonly phrases: readonly string[];
}

/** What of a graph is asked of someone who does not see it. */
export interface Form {
  readonly about: string;
  readonly fields: readonly FormField[];
}

type Tree = Record<string, Json>;
const tree = (json: Json | undefined): Tree =>
  typeof json === "object" && json !== null && !Array.isArray(json) ? json : {};
const list = (json: Json | undefined): Json[] => (Array.isArray(json) ? json : []);
const word = (json: Json | undefined): string => (typeof json === "string" ? json : "");

const NUMBERS = ["width", "height", "denoise", "steps", "cfg"];
const FOLDED = ["steps", "cfg"];

/** The form that a document holds (in a saved file: `extra.safelight.form`), or null where it holds none. */
export function ownForm(document: Document): Form | null {
  const form = tree(tree(document.kept.rest).extra).safelight;
  const found = tree(tree(form).form);
  if (!Array.isArray(found.fields)) return null;
  return { about: word(found.about), fields: found.fields.map((one) => readField(tree(one))) };
}

const readField = (json: Tree): FormField => ({
  node: String(json.node ?? ""),
  input: word(json.input),
  label: word(json.label),
  more: json.more === true,
  phrases: list(json.phrases).filter((one): one is string => typeof one === "string"),
});

const writeField = (field: FormField): Json => ({
  node: field.node,
  input: field.input,
  ...(field.label ? { label: field.label } : {}),
  ...(field.more ? { more: true } : {}),
  ...(field.phrases.length > 0 ? { phrases: [...field.phrases] } : {}),
});

export const putForm =
  (form: Form): Edit =>
  (document) => {
    const rest = tree(document.kept.rest);
    const extra = tree(rest.extra);
    const ours = tree(extra.safelight);
    const written: Tree = {
      ...(form.about ? { about: form.about } : {}),
      fields: form.fields.map(writeField),
    };
    const kept: Rest = {
      ...document.kept,
      rest: { ...rest, extra: { ...extra, safelight: { ...ours, form: written } } },
    };
    return { ...document, kept };
  };

/** The form of a document: its own, else one that is read off the graph. */
export const formOf = (document: Document, catalogue: Catalogue): Form =>
  ownForm(document) ?? suggested(document, catalogue);

export const isPromoted = (document: Document, node: string, input: string): boolean =>
  ownForm(document)?.fields.some((one) => one.node === node && one.input === input) ?? false;

/** Put an input into the form. A document without a form of its own keeps what was read off the graph. */
export const promote =
  (node: string, input: string, catalogue: Catalogue): Edit =>
  (document) => {
    const form = formOf(document, catalogue);
    const there = form.fields.some((one) => one.node === node && one.input === input);
    const field: FormField = { node, input, label: "", more: false, phrases: [] };
    return putForm({ ...form, fields: there ? form.fields : [...form.fields, field] })(document);
  };

/** Take an input out of the form. */
export const demote =
  (node: string, input: string, catalogue: Catalogue): Edit =>
  (document) => {
    const form = formOf(document, catalogue);
    const fields = form.fields.filter((one) => one.node !== node || one.input !== input);
    return putForm({ ...form, fields })(document);
  };

/** A field with the node and the input that it stands for. */
export interface Asked {
  readonly field: FormField;
  readonly node: GraphNode;
  readonly spec: InputSpec;
}

/** The fields that can be filled in now: their nodes are there, and no wire feeds them. */
export function asked(document: Document, catalogue: Catalogue, form: Form): Asked[] {
  return form.fields.flatMap((field) => {
    const node = document.nodes[field.node];
    const spec = node && inputsOf(node, catalogue[node.type]).find((one) => one.name === field.input);
    if (!node || !spec?.widget || linkInto(document, node.id, spec.name)) return [];
    return [{ field, node, spec }];
  });
}

type Kind = "text" | "file" | "number" | "seed";
const ORDER: readonly Kind[] = ["text", "file", "number", "seed"];

function kindOf(spec: InputSpec): Kind | null {
  const { widget } = spec;
  if (widget?.kind === "text" && widget.multiline) return "text";
  if (widget?.kind === "choice" && widget.upload) return "file";
  if (widget?.kind === "number" && widget.seed) return "seed";
  return widget?.kind === "number" && NUMBERS.includes(spec.name) ? "number" : null;
}

/** What someone is likely to change: the prompt, pictures, the size and the seed; the rest is folded away. */
function suggested(document: Document, catalogue: Catalogue): Form {
  const found = Object.values(document.nodes)
    .filter((node) => node.mode === "run" && !isNote(node.type))
    .flatMap((node) =>
      inputsOf(node, catalogue[node.type]).flatMap((spec) => {
        const kind = linkInto(document, node.id, spec.name) ? null : kindOf(spec);
        return kind ? [{ kind, field: suggest(document, node, spec, kind) }] : [];
      }),
    );
  const rank = (one: (typeof found)[number]) => ORDER.indexOf(one.kind);
  return { about: "", fields: found.sort((one, other) => rank(one) - rank(other)).map((one) => one.field) };
}

function suggest(document: Document, node: GraphNode, spec: InputSpec, kind: Kind): FormField {
  const avoided = linksFrom(document, node.id).some((link) => link.input === "negative");
  const titled = kind === "text" || kind === "file";
  return {
    node: node.id,
    input: spec.name,
    label: titled ? node.title : "",
    more: avoided || FOLDED.includes(spec.name),
    phrases: [],
  };
}

/** Which of the phrases a text ends with, or none. */
export const phraseIn = (text: string, phrases: readonly string[]): string =>
  phrases.find((one) => text.trimEnd().toLowerCase().endsWith(one.toLowerCase())) ?? "";

/** A text with another phrase at its end; the one that is there already is taken away. */
export function withPhrase(text: string, phrases: readonly string[], phrase: string): string {
  const before = phraseIn(text, phrases);
  const plain = before ? text.trimEnd().slice(0, -before.length) : text;
  if (phrase === before) return plain.trimEnd();
  const comma = /^(in|on|with|as|made)\b/i.test(phrase) ? " " : ", ";
  const bare = plain.trimEnd().replace(/,$/, "");
  return bare ? `${bare}${comma}${phrase}` : phrase;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Sizes of about one area and another shape: square, wide, tall. */
export function shapesOf({ width, height }: Size): Record<"square" | "wide" | "tall", Size> {
  const side = Math.sqrt(width * height);
  const grid = side >= 448 ? 64 : 8;
  const on = (length: number) => Math.max(grid, Math.round(length / grid) * grid);
  const long = on(side * Math.sqrt(1.5));
  const short = on(side / Math.sqrt(1.5));
  return {
    square: { width: on(side), height: on(side) },
    wide: { width: long, height: short },
    tall: { width: short, height: long },
  };
}

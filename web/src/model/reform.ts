import type { Document } from "./document";
import type { Edit } from "./edit";
import { type Form, type FormField, formOf, putForm } from "./form";
import { isNote } from "./frontend";
import { inputsOf } from "./shape";
import type { Catalogue } from "./spec";

/** Change the form of a document. One that was read off the graph becomes the document's own. */
const reform =
  (change: (form: Form) => Form, catalogue: Catalogue): Edit =>
  (document) => {
    const form = formOf(document, catalogue);
    const next = change(form);
    return next === form ? document : putForm(next)(document);
  };

type Key = Pick<FormField, "node" | "input">;
const is = (one: Key, other: Key): boolean => one.node === other.node && one.input === other.input;

function changeField(key: Key, change: Partial<FormField>, catalogue: Catalogue): Edit {
  return reform(
    (form) => ({ ...form, fields: form.fields.map((one) => (is(one, key) ? { ...one, ...change } : one)) }),
    catalogue,
  );
}

/** Call a field by other words. */
export const labelField = (node: string, input: string, label: string, catalogue: Catalogue): Edit =>
  changeField({ node, input }, { label }, catalogue);

/** Fold a field away under "More", or bring it out. */
export const foldField = (node: string, input: string, more: boolean, catalogue: Catalogue): Edit =>
  changeField({ node, input }, { more }, catalogue);

/** Put a field before the one that stands at a place, or at the end. */
export const placeField = (node: string, input: string, to: number, catalogue: Catalogue): Edit =>
  reform((form) => {
    const from = form.fields.findIndex((one) => is(one, { node, input }));
    const field = form.fields[from];
    if (!field || to < 0 || to >= form.fields.length || to === from) return form;
    const fields = form.fields.filter((one) => one !== field);
    fields.splice(to, 0, field);
    return { ...form, fields };
  }, catalogue);

/** Say what the form is for. */
export const setAbout = (about: string, catalogue: Catalogue): Edit =>
  reform((form) => (form.about === about ? form : { ...form, about }), catalogue);

/** An input that could be in the form. */
export interface Candidate extends Key {
  readonly title: string;
}

/** The inputs with a field on their node that the form does not ask for. */
export function candidates(document: Document, catalogue: Catalogue, form: Form): Candidate[] {
  return Object.values(document.nodes).flatMap((node) => {
    if (isNote(node.type)) return [];
    const spec = catalogue[node.type];
    return inputsOf(node, spec)
      .filter(
        (one) => one.widget && !form.fields.some((field) => is(field, { node: node.id, input: one.name })),
      )
      .map((one) => ({ node: node.id, input: one.name, title: node.title || spec?.title || node.type }));
  });
}

import type { Control, Document } from "./document";
import { setControl, setValue } from "./edit";
import { INPUT, look, whole } from "./focus";
import { type FormField, ownForm, putForm } from "./form";
import { type Grouped, promote, type Unpacked } from "./group";
import { inputsOf } from "./shape";
import type { Catalogue } from "./spec";
import type { Value } from "./value";

/** Ask in the form for the same as before, at the places to which it went. */
function moved(document: Document, place: (field: FormField) => FormField): Document {
  const form = ownForm(document);
  return form ? putForm({ ...form, fields: form.fields.map(place) })(document) : document;
}

/** What a form asks of nodes that were put into a subgraph is shown on the subgraph, and asked there. */
export function followIn({ document, instance }: Grouped, catalogue: Catalogue): Document {
  const inner = look(document, [instance]);
  if (document.path.length > 0 || !inner.inside) return document;
  const names = new Map<string, string>();
  let inside = inner;
  for (const { node, input } of ownForm(document)?.fields ?? []) {
    if (!inner.nodes[node] || document.nodes[node]) continue;
    inside = promote(node, input, catalogue)(inside);
    const link = Object.values(inside.links).find((one) => one.to === node && one.input === input);
    const name = link?.from === INPUT ? inside.nodes[INPUT]?.outputs?.[link.slot]?.name : undefined;
    if (name !== undefined) names.set(`${node} ${input}`, name);
  }
  const shown = names.size > 0 ? whole(inside) : document;
  const filled = held(inner, names, catalogue).reduce(
    (made, { name, value, control }) =>
      [setValue(instance, name, value), ...(control ? [setControl(instance, name, control)] : [])].reduce(
        (one, edit) => edit(one),
        made,
      ),
    shown,
  );
  return moved(filled, (field) => {
    const name = names.get(`${field.node} ${field.input}`);
    return name === undefined ? field : { ...field, node: instance, input: name };
  });
}

interface Held {
  readonly name: string;
  readonly value: Value;
  /** What happens to it after a run. */
  readonly control: Control | undefined;
}

/** What the nodes hold there, by the names on the subgraph: files list all that is shown on it. */
const held = (inner: Document, names: ReadonlyMap<string, string>, catalogue: Catalogue): Held[] =>
  Object.values(inner.nodes).flatMap((node) =>
    inputsOf(node, catalogue[node.type]).flatMap((one): Held[] => {
      const name = names.get(`${node.id} ${one.name}`);
      const value = node.values[one.name] ?? one.start;
      if (name === undefined || value === undefined) return [];
      return [{ name, value, control: node.controls[one.name] }];
    }),
  );

/** What a form asks of a subgraph that was unpacked is asked of the nodes that stand in its place. */
export function followOut({ document, ends }: Unpacked, instance: string): Document {
  return moved(document, (field) => {
    const end = field.node === instance ? ends.get(field.input) : undefined;
    return end ? { ...field, ...end } : field;
  });
}

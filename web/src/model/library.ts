import type { ModelTold } from "../server/told";
import { type Edit, freeId, newNode, type Point, putNode, setValue } from "./edit";
import type { Catalogue, InputSpec, Spec } from "./spec";

export type ModelFile = ModelTold;

/** A size as people say it. */
export function sizeShown(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  if (bytes < 1_000_000_000) return `${Math.round(bytes / 1_000_000)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

const takes = (name: string) => (input: InputSpec) =>
  input.widget?.kind === "choice" && input.widget.options.includes(name);

/** The input of a node type that a model can be chosen at. */
export const inputFor = (spec: Spec | undefined, name: string): InputSpec | undefined =>
  spec?.inputs.find(takes(name));

/** The node type that loads a model: of those that can, the plainest. */
export const loaderOf = (model: Pick<ModelFile, "name">, catalogue: Catalogue): Spec | undefined =>
  Object.values(catalogue)
    .filter((spec) => !spec.deprecated && !spec.experimental && inputFor(spec, model.name))
    .sort((one, other) => one.inputs.length - other.inputs.length || one.id.length - other.id.length)[0];

/** Choose a model at a node that can take it, else add a node that loads it. */
export function use(
  model: Pick<ModelFile, "name">,
  chosen: string | undefined,
  at: Point,
  catalogue: Catalogue,
): Edit {
  const loader = loaderOf(model, catalogue);
  return (document) => {
    const node = chosen === undefined ? undefined : document.nodes[chosen];
    const input = node && inputFor(catalogue[node.type], model.name);
    if (node && input) return setValue(node.id, input.name, model.name)(document);
    const own = inputFor(loader, model.name);
    if (!loader || !own) return document;
    const id = freeId(document);
    return setValue(id, own.name, model.name)(putNode(newNode(id, loader, at))(document));
  };
}

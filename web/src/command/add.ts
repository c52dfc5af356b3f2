import { reveal } from "../canvas/camera";
import { addition } from "../model/addition";
import type { Point } from "../model/edit";
import type { Hanging } from "../model/hang";
import type { Spec } from "../model/spec";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { noteUse } from "../store/recent";
import { select } from "../store/selection";
import { text } from "../text";

/** Add a node at a place, or `clear` of the others near it, and connect the wire that waits for it. */
export function addNode(spec: Spec, place: Point, wire: Hanging | null, clear: boolean): void {
  noteUse(spec.id);
  const added = addition(current(), spec, place, wire, specs(), clear);
  apply(text.edit.add(spec.title), () => added.document);
  select([added.id]);
  if (clear) reveal(added.id);
}

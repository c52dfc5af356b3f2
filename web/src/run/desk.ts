import { create } from "zustand";
import { setValue } from "../model/edit";
import { findNode } from "../model/focus";
import type { Came, CameLayer } from "../model/layers";
import type { Value } from "../model/value";
import { apply, current, useDocument } from "../store/document";
import type { Picture } from "../store/run";
import { desk } from "../text/desk";

/** What nodes with an editor of their own tell of a run. */
export interface DeskOutput {
  readonly images?: Picture[];
  readonly compositor_layers?: readonly Picture[];
  readonly compositor_inputs?: readonly string[];
  readonly compositor_bboxes?: readonly CameLayer[];
  readonly compositor_canvas?: readonly number[];
  readonly input_bboxes?: readonly Value[];
}

/** The layers of a node as a run made them, and how they were laid then. */
export interface CameLayers extends Came {
  readonly pictures: readonly Picture[];
  readonly whole: Picture | undefined;
  readonly laid: Value | undefined;
}

/** By the tab and the way to the node (`5:12`). */
export const useLayers = create<Readonly<Record<string, CameLayers>>>(() => ({}));
export const placeOf = (tab: string, way: string): string => `${tab} ${way}`;

export function noteDesk(id: string, output: DeskOutput): void {
  const { compositor_layers: pictures, compositor_inputs: inputs, compositor_bboxes: layers } = output;
  const [w = 0, h = 0] = output.compositor_canvas ?? [];
  if (pictures && inputs && layers && w > 0 && h > 0) {
    const laid = findNode(current(), id)?.values.compositor;
    const came = { pictures, inputs, layers, canvas: { w, h }, whole: output.images?.[0], laid };
    useLayers.setState({ [placeOf(useDocument.getState().tab, id)]: came });
  }
  if (output.input_bboxes) takeBoxes(id, output.input_bboxes as unknown as Value);
}

/** New boxes came by wire: they are what is drawn on from now on. */
function takeBoxes(id: string, boxes: Value): void {
  const node = current().nodes[id];
  if (node?.type !== "CreateBoundingBoxes") return;
  if (JSON.stringify(node.values.last_incoming ?? []) === JSON.stringify(boxes)) return;
  apply(desk.boxes.taken, (document) =>
    setValue(id, "last_incoming", boxes)(setValue(id, "editor_state", boxes)(document)),
  );
}

import { middle } from "../canvas/camera";
import { setValue } from "../model/edit";
import type { Mask } from "../model/mask";
import { readPicture } from "../node/picture";
import { uploadMask } from "../server/upload";
import { apply, current, useDocument } from "../store/document";
import { closeMask, useMask } from "../store/mask";
import { tell } from "../store/notice";
import { type Picture, useRun } from "../store/run";
import { goToTab } from "../store/tab";
import { text } from "../text";
import { addReader, pictureInput } from "./picture";

/** Paint a mask on the picture that a node reads, or else on the one that it made. */
export function paintMask(node: string): void {
  const picture = readPicture(node) ?? useRun.getState().pictures[node]?.[0] ?? null;
  if (picture) paintMaskOn(picture, node);
  else tell(text.viewer.nothing);
}

/** Paint a mask on a picture, for a node where one shows it. */
export const paintMaskOn = (picture: Picture, node: string): void =>
  useMask.setState({ picture, node, tab: useDocument.getState().tab });

/** Keep the picture with its mask, and have the node read it; a node that reads none gets one beside it that does. */
export async function saveMask(mask: Mask): Promise<void> {
  const { picture, node, tab } = useMask.getState();
  if (!picture) return;
  const value = await uploadMask(picture, mask);
  closeMask();
  // Another file may have come to the front meanwhile.
  goToTab(tab);
  if (useDocument.getState().tab !== tab) {
    tell(text.mask.kept(value));
    return;
  }
  const target = current().nodes[node];
  const input = pictureInput(node);
  if (input) {
    apply(text.mask.title, setValue(node, input, value));
    return;
  }
  const place = target ? { x: target.x + target.width * 1.5 + 60, y: target.y } : middle().place;
  addReader(value, place, text.mask.title);
}

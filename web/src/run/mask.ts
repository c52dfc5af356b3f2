import { freeId, newNode, putNode, setValue } from "../model/edit";
import type { Mask } from "../model/mask";
import { readPicture } from "../node/picture";
import { uploadMask } from "../server/upload";
import { specs } from "../store/catalogue";
import { apply, current, useDocument } from "../store/document";
import { closeMask, useMask } from "../store/mask";
import { tell } from "../store/notice";
import { useRun } from "../store/run";
import { select } from "../store/selection";
import { goToTab } from "../store/tab";
import { text } from "../text";

/** Paint a mask on the picture that a node reads, or else on the one that it made. */
export function paintMask(node: string): void {
  const picture = readPicture(node) ?? useRun.getState().pictures[node]?.[0] ?? null;
  if (picture) useMask.setState({ picture, node, tab: useDocument.getState().tab });
  else tell(text.viewer.nothing);
}

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
  const input = specs()[target?.type ?? ""]?.inputs.find(
    (one) => one.widget?.kind === "choice" && one.widget.upload,
  );
  if (target && input) {
    apply(text.mask.title, setValue(node, input.name, value));
    return;
  }
  const spec = specs().LoadImage;
  if (!spec) return;
  const id = freeId(current());
  const place = { x: (target?.x ?? 0) + (target?.width ?? 0) + 60, y: target?.y ?? 0 };
  apply(text.mask.title, (document) =>
    setValue(id, "image", value)(putNode(newNode(id, spec, place))(document)),
  );
  select([id]);
}

import { readPicture } from "../node/picture";
import { tell } from "../store/notice";
import { type Picture, useRun } from "../store/run";
import { chosen } from "../store/selection";
import { bind, compareWith, useViewer, view } from "../store/viewer";
import { text } from "../text";

/** The pictures that a node shows. */
export function picturesOf(node: string): readonly Picture[] {
  const made = useRun.getState().pictures[node] ?? [];
  const read = made.length > 0 ? null : readPicture(node);
  return read ? [read] : made;
}

/** Show in the viewer what a node made or reads. */
export function viewNode(node: string): void {
  const pictures = picturesOf(node);
  if (pictures[0]) view(pictures[0], pictures);
  else tell(text.viewer.nothing);
}

/** A digit on the canvas: binds it to the chosen node, or shows the node that it is bound to. */
export function pressDigit(key: string): void {
  const [node, more] = chosen();
  if (node && !more) bind(key, node);
  const bound = useViewer.getState().bound[key];
  if (bound) viewNode(bound);
  else tell(text.viewer.unbound(key));
}

/** Show what a key is bound to, keeping what the picture is held against. */
export function showBound(key: string): void {
  const pictures = boundTo(key);
  if (pictures[0]) useViewer.setState({ picture: pictures[0], row: pictures });
}

export function compareBound(key: string): void {
  const [other] = boundTo(key);
  if (other) compareWith(other);
}

function boundTo(key: string): readonly Picture[] {
  const node = useViewer.getState().bound[key];
  const pictures = node ? picturesOf(node) : [];
  if (pictures.length === 0) tell(text.viewer.unbound(key));
  return pictures;
}

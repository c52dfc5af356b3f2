import { middle, placeOf } from "../canvas/camera";
import { copy, paste, readCopy } from "../model/clipboard";
import { linkInto } from "../model/document";
import {
  dissolve,
  type Edit,
  freeId,
  newNode,
  putNode,
  remove,
  setColor,
  toggleFlag,
  toggleMode,
} from "../model/edit";
import { frameAround, putFrame, removeFrames } from "../model/frame";
import { tidyFramed } from "../model/framed";
import { removePoint } from "../model/route";
import { HEADER, inputsOf, outputsOf } from "../model/shape";
import { connect, cut, inputFor } from "../model/wire";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { tell } from "../store/notice";
import { chosen, chosenFrames, chosenLinks, chosenPoints, select } from "../store/selection";
import { text } from "../text";
import { words } from "../text/subgraph";

/** Take away what is chosen. */
export function removeChosen(): void {
  const nodes = chosen();
  const frames = chosenFrames();
  const links = chosenLinks();
  const points = chosenPoints();
  if (points.length > 0)
    apply(words.removePoint, (document) => points.reduce((made, id) => removePoint(made, id), document));
  else if (nodes.length + frames.length === 0) apply(text.edit.cut, cut(links));
  else
    apply(text.edit.remove(nodes.length + frames.length), (document) =>
      removeFrames(frames)(remove(nodes)(cut(links)(document))),
    );
}

export const dissolveChosen = (): void => apply(text.edit.dissolve, dissolve(chosen(), specs()));

export async function copyChosen(): Promise<void> {
  const words = copy(current(), chosen(), chosenFrames());
  pocket = words;
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    // Without leave to write the clipboard, the copy still works within this window.
  }
}

export async function cutOutChosen(): Promise<void> {
  await copyChosen();
  removeChosen();
}

let pocket = "";
let pointer = { x: 0, y: 0 };
addEventListener("pointermove", (event) => {
  pointer = { x: event.clientX, y: event.clientY };
});

export async function pasteHere(outside: boolean): Promise<void> {
  let words = pocket;
  try {
    words = (await navigator.clipboard.readText()) || pocket;
  } catch {
    // Without leave to read the clipboard, what was copied in this window is pasted.
  }
  pasteText(words, outside);
}

/** Paste what a text holds; tells whether it held nodes. */
export function pasteText(words: string, outside: boolean): boolean {
  const clip = readCopy(words);
  if (!clip) return false;
  const at = pointer.x || pointer.y ? placeOf(pointer) : middle().place;
  put(clip, { x: at.x, y: at.y + HEADER }, outside, text.edit.paste);
  return true;
}

export function duplicateChosen(): void {
  const ids = chosen();
  const frames = chosenFrames();
  const clip = readCopy(copy(current(), ids, frames));
  if (!clip || ids.length + frames.length === 0) return;
  const all = [...Object.values(clip.nodes), ...Object.values(clip.frames)];
  const corner = {
    x: Math.min(...all.map((one) => one.x)) + 30,
    y: Math.min(...all.map((one) => one.y)) + 30,
  };
  put(clip, corner, true, text.edit.duplicate);
}

function put(
  clip: Parameters<typeof paste>[1],
  at: { x: number; y: number },
  outside: boolean,
  label: string,
): void {
  const pasted = paste(current(), clip, at, specs(), outside);
  apply(label, () => pasted.document);
  select(pasted.nodes, pasted.frames);
}

export const muteChosen = (): void => apply(text.edit.mute, toggleMode(chosen(), "muted"));
export const bypassChosen = (): void => apply(text.edit.bypass, toggleMode(chosen(), "bypassed"));
export const collapseChosen = (): void => apply(text.edit.collapse, toggleFlag(chosen(), "collapsed"));
export const pinChosen = (): void => apply(text.edit.pin, toggleFlag(chosen(), "pinned"));
export const colorChosen = (color: string): void => apply(text.edit.color, setColor(chosen(), color));

/** Tidy what is chosen, or everything. A frame goes where its nodes go. */
export function tidyUp(): void {
  const ids = chosen().length > 1 ? chosen() : Object.keys(current().nodes);
  apply(text.edit.tidy, tidyFramed(ids, specs()));
}

export function frameChosen(): void {
  const frame = frameAround(current(), chosen(), specs(), text.frame.title);
  if (!frame) return;
  apply(text.edit.frame, putFrame(frame));
  select([], [frame.id]);
}

export function addNote(): void {
  const spec = specs().MarkdownNote;
  if (!spec) return;
  const id = freeId(current());
  apply(text.edit.add(spec.title), putNode({ ...newNode(id, spec, middle().place), height: 120 }));
  select([id]);
}

/** Wire the chosen nodes from left to right where their types allow it. */
export function wireChosen(): void {
  const ids = chosen().sort(
    (one, other) => (current().nodes[one]?.x ?? 0) - (current().nodes[other]?.x ?? 0),
  );
  const edits: Edit[] = ids.slice(1).map((id, at) => wireTwo(ids[at] ?? "", id));
  const made = edits.reduce((document, edit) => edit(document), current());
  if (made === current()) tell(text.find.nothing);
  else apply(text.edit.connect, () => made);
}

const wireTwo =
  (from: string, to: string): Edit =>
  (document) => {
    const source = document.nodes[from];
    const target = document.nodes[to];
    if (!source || !target) return document;
    const inputs = inputsOf(target, specs()[target.type]);
    const outputs = outputsOf(source, specs()[source.type]);
    for (const [slot, output] of outputs.entries()) {
      const input = inputFor(inputs, output.type, (name) => linkInto(document, to, name) !== undefined);
      if (input && !input.widget && !linkInto(document, to, input.name))
        return connect({ node: from, slot }, to, input.name, specs())(document);
    }
    return document;
  };

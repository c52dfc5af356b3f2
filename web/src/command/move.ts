import { panBy, reveal } from "../canvas/camera";
import { moveBy, resizeBy } from "../model/edit";
import { carried, changeFrame } from "../model/frame";
import { movePointBy, passing } from "../model/route";
import { type Way, walk } from "../model/walk";
import { pressDigit } from "../run/bound";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { chosen, chosenFrames, chosenLinks, chosenPoints, select } from "../store/selection";
import { text } from "../text";
import { shortcut } from "../text/shortcut";
import type { Command } from "./command";
import { anything, some } from "./condition";
import { leave } from "./place";

const { group } = text;
const STEP = 20;

/** Where walking began and where it is; what is chosen besides was added on the way. */
let at: string | null = null;

/** Go to the next node; the first press chooses one. `adding` keeps those that are chosen. */
function go(way: Way, adding = false): void {
  const all = chosen();
  const end = all.length === 0 ? endOfWire(way) : null;
  if (end !== null) {
    at = end;
    select([end]);
    reveal(end);
    return;
  }
  const from = at !== null && all.includes(at) ? at : all[0];
  const to = from ? walk(current(), from, way, specs()) : Object.keys(current().nodes)[0];
  if (!to) return;
  at = to;
  select(adding ? [...all, to] : [to]);
  reveal(to);
}

/** The node at that end of the chosen wire, or of one that passes the chosen point, to which an arrow points. */
function endOfWire(way: Way): string | null {
  const id = chosenLinks()[0] ?? passing(current()).get(chosenPoints()[0] ?? 0)?.[0];
  const link = current().links[id ?? 0];
  if (!link) return null;
  return way === "left" || way === "up" ? link.from : link.to;
}

/** Move what is chosen; a frame takes along what stands in it. */
function nudge(x: number, y: number): void {
  const frames = chosenFrames().flatMap((id) => current().frames[id] ?? []);
  const inside = frames.flatMap((one) => carried(current(), one, specs()));
  const moved = frames.map((one) => changeFrame(one.id, { x: one.x + x, y: one.y + y }));
  apply(
    text.edit.move,
    (document) =>
      chosenPoints().reduce(
        (made, id) => movePointBy(made, id, x, y),
        moved.reduce((made, edit) => edit(made), moveBy(new Set([...chosen(), ...inside]), x, y)(document)),
      ),
    "nudge",
  );
}

/** Frames for which a node is waited for that comes into view: the view moves there, and only what is seen is drawn. */
const FRAMES = 60;

/** Put the focus into the first field of the chosen node. */
export function editChosen(): void {
  const [id] = chosen();
  if (!id) return;
  reveal(id);
  whenDrawn(id, (node) => {
    const field = node.querySelector<HTMLElement>(".widget :is(textarea, input, button, [tabindex])");
    if (field) field.focus({ preventScroll: true });
    else node.querySelector("[data-edit]")?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
  });
}

function whenDrawn(id: string, then: (node: Element) => void, frames = FRAMES): void {
  requestAnimationFrame(() => {
    const node = document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"] article`);
    if (node) then(node);
    else if (frames > 0) whenDrawn(id, then, frames - 1);
  });
}

const WAYS: readonly (readonly [Way, string, number, number])[] = [
  ["left", "ArrowLeft", -1, 0],
  ["right", "ArrowRight", 1, 0],
  ["up", "ArrowUp", 0, -1],
  ["down", "ArrowDown", 0, 1],
];

const quiet = (id: string, label: string, keys: string, run: () => void, can?: () => boolean): Command => ({
  id,
  label,
  group: group.move,
  keys: [keys],
  run,
  quiet: true,
  ...(can ? { can } : {}),
});

/** Moving about by keyboard; these are in no palette and no menu. */
export const MOVING: readonly Command[] = [
  ...WAYS.flatMap(([way, key, x, y]) => [
    quiet(`go-${way}`, shortcut.go[way], key, () => go(way)),
    quiet(`add-${way}`, shortcut.extend[way], `Shift+${key}`, () => go(way, true)),
    quiet(
      `move-${way}`,
      shortcut.move[way],
      `Alt+${key}`,
      () => nudge(x * STEP, y * STEP),
      () => chosen().length + chosenFrames().length + chosenPoints().length > 0,
    ),
    quiet(
      `size-${way}`,
      shortcut.size[way],
      `Alt+Shift+${key}`,
      () => apply(text.edit.resize, resizeBy(chosen(), x * STEP, y * STEP, specs()), "size"),
      some,
    ),
    quiet(`pan-${way}`, shortcut.pan[way], `Mod+${key}`, () => panBy(-x * 120, -y * 120)),
  ]),
  quiet("escape", shortcut.escape, "Escape", () => (anything() ? select([]) : leave())),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) =>
    quiet(`viewer-${digit}`, shortcut.digit(digit), String(digit), () => pressDigit(String(digit))),
  ),
];

import { panBy, reveal } from "../canvas/camera";
import { moveBy, resizeBy } from "../model/edit";
import { type Way, walk } from "../model/walk";
import { pressDigit } from "../run/bound";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { chosen, select } from "../store/selection";
import { text } from "../text";
import { shortcut } from "../text/shortcut";
import type { Command } from "./command";
import { some } from "./condition";
import { leave } from "./place";

const { group } = text;
const STEP = 20;

/** Where walking began and where it is; what is chosen besides was added on the way. */
let at: string | null = null;

/** Go to the next node; the first press chooses one. `adding` keeps those that are chosen. */
function go(way: Way, adding = false): void {
  const all = chosen();
  const from = at !== null && all.includes(at) ? at : all[0];
  const to = from ? walk(current(), from, way, specs()) : Object.keys(current().nodes)[0];
  if (!to) return;
  at = to;
  select(adding ? [...all, to] : [to]);
  reveal(to);
}

/** Put the focus into the first field of the chosen node. */
export function editChosen(): void {
  const [id] = chosen();
  if (!id) return;
  reveal(id);
  requestAnimationFrame(() => {
    const node = document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
    const field = node?.querySelector<HTMLElement>(".widget :is(textarea, input, button, [tabindex])");
    if (field) field.focus();
    else node?.querySelector("[data-edit]")?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
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
      () => apply(text.edit.move, moveBy(chosen(), x * STEP, y * STEP), "nudge"),
      some,
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
  quiet("escape", shortcut.escape, "Escape", () => (chosen().length > 0 ? select([]) : leave())),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) =>
    quiet(`viewer-${digit}`, shortcut.digit(digit), String(digit), () => pressDigit(String(digit))),
  ),
];

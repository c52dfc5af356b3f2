import { placeOf } from "../canvas/camera";
import { openPictureMenu } from "../panel/pictureMenu";
import { useMode } from "../simple/mode";
import { chosen, chosenFrames, chosenLinks } from "../store/selection";
import { type Menu, show } from "../store/view";

/** The parts of the window, in the order in which a key goes through them. */
const AREAS = [".bar", ".trail", ".drawer", ".simple", ".corner", ".canvas"];
const FOCUSABLE =
  "button:not(:disabled), input:not([hidden]), select, textarea, a[href], summary, [tabindex='0']";

/** Put the focus into the next part of the window that is there; the graph has it when nothing else does. */
export function nextArea(): void {
  const there = AREAS.flatMap((one) => document.querySelector<HTMLElement>(one) ?? []);
  const now = there.findIndex((one) => one.contains(document.activeElement) && !one.matches(".canvas"));
  const at = now < 0 ? there.findIndex((one) => one.matches(".canvas")) : now;
  const next = there[(at + 1) % there.length];
  if (!next || next.matches(".canvas")) (document.activeElement as HTMLElement | null)?.blur();
  else next.querySelector<HTMLElement>(FOCUSABLE)?.focus();
}

/** The menu of the picture or field that has the focus, else of what is chosen; of the canvas where nothing is. */
export function openMenu(): void {
  if (openPictureMenu(document.activeElement?.closest("[data-picture]")) || useMode.getState().simple) return;
  const field = document.activeElement?.closest<HTMLElement>("[data-input]");
  const target = targetOf(field?.dataset.input);
  const shown = elementOf(target) ?? document.querySelector(".canvas");
  const box = (field ?? shown)?.getBoundingClientRect();
  const screen = box
    ? { x: Math.max(0, box.left + 20), y: Math.max(0, box.top + Math.min(30, box.height)) }
    : { x: innerWidth / 2, y: innerHeight / 2 };
  show({ menu: { screen, place: placeOf(screen), target } });
}

function targetOf(input: string | undefined): Menu["target"] {
  const [node] = chosen();
  const [frame] = chosenFrames();
  const [link] = chosenLinks();
  if (node !== undefined) return { kind: "node", id: node, input };
  if (frame !== undefined) return { kind: "frame", id: frame };
  return link !== undefined ? { kind: "link", id: link } : { kind: "canvas" };
}

function elementOf(target: Menu["target"]): Element | null {
  if (target.kind !== "node" && target.kind !== "frame") return null;
  const id = target.kind === "frame" ? `frame:${target.id}` : target.id;
  return document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
}

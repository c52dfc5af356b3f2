import type { KeyboardEvent } from "react";
import { feather, fillRegion, grow, invert, middleOf, moveRegion, sizeRegion } from "../../model/mask";
import { LARGEST, type Painting } from "./painting";
import type { Session } from "./session";

interface Desk {
  readonly session: Session;
  readonly painting: Painting;
  readonly set: (change: Partial<Painting>) => void;
  readonly save: () => void;
  readonly cancel: () => void;
}

const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A key of the mask editor; tells whether it was one. */
export function press(event: KeyboardEvent, desk: Desk): boolean {
  const { target, shiftKey } = event;
  const key = event.key.toLowerCase();
  const mod = event.ctrlKey || event.metaKey;
  if (mod) return withMod(key, shiftKey, desk);
  if (key === "escape") desk.cancel();
  else if (WAYS[event.key] && !(target instanceof HTMLInputElement)) step(event, desk);
  else if (key === "enter" && !(target instanceof HTMLButtonElement)) box(desk, !shiftKey);
  else if (key === "delete" || key === "backspace") box(desk, false);
  else return tool(key, desk) || whole(key, shiftKey, desk);
  return true;
}

function withMod(key: string, shift: boolean, { session, save }: Desk): boolean {
  if (key === "z") shift ? session.redo() : session.undo();
  else if (key === "y") session.redo();
  else if (key === "s") save();
  else return false;
  return true;
}

function tool(key: string, { painting: { radius }, session, set }: Desk): boolean {
  if (key === "b") set({ tool: "brush" });
  else if (key === "e") set({ tool: "erase" });
  else if (key === "f") set({ tool: "fill" });
  else if (key === "r") set({ tool: "box", region: middleOf(session.current) });
  else if (key === "[") set({ radius: Math.max(1, Math.round(radius * 0.8)) });
  else if (key === "]") set({ radius: Math.min(LARGEST, Math.round(radius * 1.25) + 1) });
  else return false;
  return true;
}

/** What is done to the whole mask. */
function whole(key: string, shift: boolean, { session, painting: { edge } }: Desk): boolean {
  if (key === "i") session.act(invert);
  else if (key === "a") session.act((mask) => mask.data.fill(255));
  else if (key === "c") session.act((mask) => mask.data.fill(0));
  else if (key === "s") session.act((mask) => feather(mask, edge));
  else if (key === "g") session.act((mask) => grow(mask, shift ? -edge : edge));
  else return false;
  return true;
}

/** Arrows move the box, with Shift its right and lower edges; with Alt by single pixels. The first brings it. */
function step(event: KeyboardEvent, { session, painting: { region }, set }: Desk): void {
  const mask = session.current;
  const [x, y] = WAYS[event.key] ?? [0, 0];
  const by = event.altKey ? 1 : Math.max(1, Math.round(Math.max(mask.width, mask.height) / 32));
  const change = event.shiftKey ? sizeRegion : moveRegion;
  set({ tool: "box", region: region ? change(region, x * by, y * by, mask) : middleOf(mask) });
}

/** Mark the box, or clear what is in it. */
function box({ session, painting: { region } }: Desk, marked: boolean): void {
  if (region) session.act((mask) => fillRegion(mask, region, marked));
}

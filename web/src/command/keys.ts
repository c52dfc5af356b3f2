import { useEffect } from "react";
import { useMode } from "../simple/mode";
import { useMask } from "../store/mask";
import { useView } from "../store/view";
import { useViewer } from "../store/viewer";
import { keysOf } from "./command";
import { COMMANDS, MOVES, usable } from "./commands";

/** Keys that work while a person types: those that no text field uses. */
const EVERYWHERE = new Set([
  "run",
  "cancel",
  "commands",
  "save",
  "open",
  "save-as",
  "download",
  "find",
  "export",
]);

const typing = (event: KeyboardEvent): boolean => {
  const target = event.target as HTMLElement | null;
  return target?.matches?.("input, textarea, select, [contenteditable]") ?? false;
};

/** Whether a key belongs to what has the focus: a button takes Enter and Space, a field of a node its arrows. */
const taken = (event: KeyboardEvent): boolean => {
  const target = event.target as HTMLElement | null;
  if (event.key === "Tab")
    return (
      target !== null &&
      target !== document.body &&
      target.closest(".node, .panel, .bar, .picker, .palette, .viewer") !== null
    );
  return (event.key === "Enter" || event.key === " ") && (target?.matches?.("button, a, summary") ?? false);
};

/** The keyboard. */
export function useKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const view = useView.getState();
      if (
        event.defaultPrevented ||
        event.isComposing ||
        view.adding ||
        view.commands ||
        view.finding ||
        view.menu ||
        useViewer.getState().picture ||
        useMask.getState().picture
      )
        return;
      const keys = keysOf(event);
      const command = COMMANDS.find((one) => one.keys.includes(keys));
      if (typing(event) && !(command && EVERYWHERE.has(command.id))) {
        if (event.key === "Escape") (event.target as HTMLElement).blur();
        return;
      }
      if (taken(event) && !keys.startsWith("Mod+")) return;
      if (command) {
        // A copy of words that are marked on the page is the browser's.
        if (command.id === "copy" && String(getSelection())) return;
        if (!usable(command)) return;
        event.preventDefault();
        command.run();
      } else if (MOVES[keys] && !useMode.getState().simple) {
        event.preventDefault();
        MOVES[keys]();
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

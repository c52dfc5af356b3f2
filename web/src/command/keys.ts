import { useEffect } from "react";
import { holder, writesNothing } from "../model/shortcut";
import { useMask } from "../store/mask";
import { usePaint } from "../store/paint";
import { useShortcuts } from "../store/shortcut";
import { useView } from "../store/view";
import { useViewer } from "../store/viewer";
import { keysOf } from "./command";
import { COMMANDS, usable } from "./commands";

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
      target.closest(".node, .panel, .bar, .trail, .corner, .picker, .palette, .viewer") !== null
    );
  return (event.key === "Enter" || event.key === " ") && (target?.matches?.("button, a, summary") ?? false);
};

/** Out of a field, and out of a panel beside the graph, the focus goes back to the graph. */
function leaveField(): boolean {
  const now = document.activeElement as HTMLElement | null;
  if (!now?.closest("input, textarea, select, .widget, .drawer")) return false;
  now.blur();
  return true;
}

/** What is being typed counts before a command works on it, also where it else counts when its field is left. */
function keepDraft(event: KeyboardEvent): void {
  const target = event.target as HTMLElement | null;
  if (target?.matches?.("[data-draft]")) target.blur();
}

/** The keyboard. */
export function useKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const view = useView.getState();
      if (
        event.defaultPrevented ||
        event.isComposing ||
        view.adding ||
        view.connecting ||
        view.commands ||
        view.finding ||
        view.menu ||
        useViewer.getState().picture ||
        useMask.getState().picture ||
        usePaint.getState().node ||
        document.querySelector("dialog:modal")
      )
        return;
      if (event.key === "Escape" && leaveField()) return;
      const keys = keysOf(event);
      const command = holder(useShortcuts.getState().own, COMMANDS, keys);
      if (typing(event) && !(command?.everywhere && writesNothing(keys))) {
        return;
      }
      if (taken(event) && !keys.startsWith("Mod+")) return;
      if (!command || !usable(command)) return;
      // A copy of words that are marked on the page is the browser's.
      if (command.id === "copy" && String(getSelection())) return;
      event.preventDefault();
      keepDraft(event);
      command.run();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

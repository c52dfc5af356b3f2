import { current, redoStep, undoStep, useDocument } from "../store/document";
import { select } from "../store/selection";
import { text } from "../text";
import type { Command } from "./command";
import { anything, some } from "./condition";
import { copyChosen, cutOutChosen, dissolveChosen, duplicateChosen, pasteHere, removeChosen } from "./edit";

const { command: say, group } = text;
const history = () => useDocument.getState().history;

/** Undoing, copying, deleting. */
export const EDITING: readonly Command[] = [
  {
    id: "undo",
    label: say.undo,
    group: group.edit,
    keys: ["Mod+Z"],
    onForm: true,
    run: undoStep,
    can: () => history().done.length > 0,
  },
  {
    id: "redo",
    label: say.redo,
    group: group.edit,
    keys: ["Mod+Shift+Z", "Mod+Y"],
    onForm: true,
    run: redoStep,
    can: () => history().undone.length > 0,
  },
  {
    id: "cut",
    label: say.cutOut,
    group: group.edit,
    keys: ["Mod+X"],
    run: () => void cutOutChosen(),
    can: anything,
  },
  {
    id: "copy",
    label: say.copy,
    group: group.edit,
    keys: ["Mod+C"],
    run: () => void copyChosen(),
    can: anything,
  },
  { id: "paste", label: say.paste, group: group.edit, keys: ["Mod+V"], run: () => void pasteHere(false) },
  {
    id: "paste-wired",
    label: say.pasteWired,
    group: group.edit,
    keys: ["Mod+Shift+V"],
    run: () => void pasteHere(true),
  },
  {
    id: "duplicate",
    label: say.duplicate,
    group: group.edit,
    keys: ["Mod+D"],
    run: duplicateChosen,
    can: anything,
  },
  {
    id: "remove",
    label: say.remove,
    group: group.edit,
    keys: ["Delete", "Backspace", "X"],
    run: removeChosen,
    can: anything,
  },
  {
    id: "dissolve",
    label: say.dissolve,
    group: group.edit,
    keys: ["Mod+Delete", "Mod+Backspace"],
    run: dissolveChosen,
    can: some,
  },
  {
    id: "select-all",
    label: say.selectAll,
    group: group.edit,
    keys: ["Mod+A"],
    run: () => select(Object.keys(current().nodes), Object.keys(current().frames)),
  },
];

import { fitAll, fitNodes, middle, reveal, zoomBy, zoomTo } from "../canvas/camera";
import { useFiles } from "../files/dialog";
import { askName, closeTab, save } from "../files/file";
import { openLibrary } from "../library/store";
import { EMPTY } from "../model/document";
import { changeNodes, moveBy } from "../model/edit";
import { type Way, walk } from "../model/walk";
import { pressDigit, viewNode } from "../run/bound";
import { paintMask } from "../run/mask";
import { cancelRun, run } from "../run/run";
import { openDocument, saveFile } from "../server/document";
import { switchMode, useMode } from "../simple/mode";
import { specs } from "../store/catalogue";
import { apply, current, redoStep, undoStep, useDocument } from "../store/document";
import { isBusy, useJobs } from "../store/job";
import { tell } from "../store/notice";
import { chosen, chosenFrames, chosenLinks, select } from "../store/selection";
import { stepTab, useTabs } from "../store/tab";
import { setTheme, show, toggleDrawer, useView } from "../store/view";
import { text } from "../text";
import { file } from "../text/file";
import { library } from "../text/library";
import { simple } from "../text/simple";
import { words } from "../text/subgraph";
import type { Command } from "./command";
import {
  addNote,
  bypassChosen,
  collapseChosen,
  copyChosen,
  cutOutChosen,
  dissolveChosen,
  duplicateChosen,
  frameChosen,
  muteChosen,
  pasteHere,
  pinChosen,
  removeChosen,
  tidyUp,
  wireChosen,
} from "./edit";
import { enter, groupChosen, isInstance, leave, unpackChosen } from "./place";

const { command: say, group } = text;
const some = (): boolean => chosen().length > 0;
const one = (): boolean => chosen().length === 1;
const anything = (): boolean => chosen().length + chosenFrames().length + chosenLinks().length > 0;
const many = (): boolean => useTabs.getState().tabs.length > 1;
const history = () => useDocument.getState().history;
const report = (promise: Promise<unknown>) =>
  void promise.catch((problem: Error) => tell(text.server.failed(problem.message), "problem"));

/** Go to the next node with the arrow keys; the first press chooses one. */
function go(way: Way): void {
  const [from] = chosen();
  const to = from ? walk(current(), from, way, specs()) : Object.keys(current().nodes)[0];
  if (!to) return;
  select([to]);
  reveal(to);
}

/** Put the focus into the first field of the chosen node. */
function editChosen(): void {
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

const nudge = (x: number, y: number) => () => apply(text.edit.move, moveBy(chosen(), x, y), "nudge");

export const COMMANDS: readonly Command[] = [
  { id: "run", label: say.run, group: group.run, keys: ["Mod+Enter"], run: () => report(run()) },
  {
    id: "run-here",
    label: say.runHere,
    group: group.run,
    keys: ["Shift+Enter"],
    run: () => report(run({ targets: chosen() })),
    can: one,
  },
  {
    id: "run-on-change",
    label: text.run.onChange,
    group: group.run,
    keys: [],
    run: () => useJobs.setState(({ onChange }) => ({ onChange: !onChange })),
  },
  {
    id: "cancel",
    label: say.cancel,
    group: group.run,
    keys: ["Mod+Alt+Enter"],
    run: () => report(cancelRun()),
    can: () => isBusy(useJobs.getState()),
  },

  {
    id: "undo",
    label: say.undo,
    group: group.edit,
    keys: ["Mod+Z"],
    run: undoStep,
    can: () => history().done.length > 0,
  },
  {
    id: "redo",
    label: say.redo,
    group: group.edit,
    keys: ["Mod+Shift+Z", "Mod+Y"],
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

  {
    id: "add",
    label: say.add,
    group: group.node,
    keys: ["Tab", "Shift+A"],
    run: () => show({ adding: { ...middle(), wire: null } }),
  },
  { id: "note", label: say.note, group: group.node, keys: ["Shift+N"], run: addNote },
  { id: "mute", label: say.mute, group: group.node, keys: ["Mod+M", "M"], run: muteChosen, can: some },
  { id: "bypass", label: say.bypass, group: group.node, keys: ["Mod+B"], run: bypassChosen, can: some },
  {
    id: "collapse",
    label: say.collapse,
    group: group.node,
    keys: ["Alt+C", "H"],
    run: collapseChosen,
    can: some,
  },
  { id: "pin", label: say.pin, group: group.node, keys: ["P"], run: pinChosen, can: some },
  {
    id: "rename",
    label: say.rename,
    group: group.node,
    keys: ["F2"],
    run: () => show({ renaming: chosen()[0] ?? null }),
    can: one,
  },
  {
    id: "connect",
    label: say.connect,
    group: group.node,
    keys: ["F"],
    run: wireChosen,
    can: () => chosen().length > 1,
  },
  { id: "frame", label: say.frame, group: group.node, keys: ["Mod+G"], run: frameChosen, can: some },
  {
    id: "group",
    label: words.group,
    group: group.node,
    keys: ["Mod+Shift+E", "Mod+Shift+G"],
    run: groupChosen,
    can: some,
  },
  {
    id: "unpack",
    label: words.unpack,
    group: group.node,
    keys: ["Mod+Shift+U"],
    run: unpackChosen,
    can: () => chosen().some(isInstance),
  },
  {
    id: "enter",
    label: words.enter,
    group: group.node,
    keys: ["]"],
    run: () => enter(chosen()[0] ?? ""),
    can: () => isInstance(chosen()[0]),
  },
  {
    id: "leave",
    label: words.leave,
    group: group.node,
    keys: ["["],
    run: leave,
    can: () => current().path.length > 0,
  },
  { id: "tidy", label: say.tidy, group: group.node, keys: ["Shift+T"], run: tidyUp },
  {
    id: "reset",
    label: say.reset,
    group: group.node,
    keys: [],
    run: () =>
      apply(
        text.command.reset,
        changeNodes(chosen(), (node) => ({ ...node, values: {} })),
      ),
    can: some,
  },
  {
    id: "mask",
    label: text.mask.title,
    group: group.node,
    keys: ["Alt+K"],
    run: () => chosen().slice(0, 1).forEach(paintMask),
    can: one,
  },
  { id: "edit", label: text.group.edit, group: group.node, keys: ["Enter"], run: editChosen, can: one },

  {
    id: "view",
    label: say.view,
    group: group.view,
    keys: ["V"],
    run: () => chosen().slice(0, 1).forEach(viewNode),
    can: one,
  },
  { id: "find", label: say.find, group: group.view, keys: ["Mod+F"], run: () => show({ finding: true }) },
  {
    id: "commands",
    label: say.commands,
    group: group.view,
    keys: ["Mod+K"],
    run: () => show({ commands: true }),
  },
  { id: "fit", label: say.fit, group: group.view, keys: ["Shift+1", "Home"], run: () => fitAll() },
  {
    id: "fit-selection",
    label: say.fitSelection,
    group: group.view,
    keys: ["Shift+2", "."],
    run: () => fitNodes(chosen()),
    can: some,
  },
  { id: "zoom-one", label: say.zoomOne, group: group.view, keys: ["Alt+1"], run: () => zoomTo(1) },
  {
    id: "zoom-in",
    label: say.zoomIn,
    group: group.view,
    keys: ["Mod+=", "Mod++", "="],
    run: () => zoomBy(1.25),
  },
  { id: "zoom-out", label: say.zoomOut, group: group.view, keys: ["Mod+-", "-"], run: () => zoomBy(0.8) },
  {
    id: "theme",
    label: say.theme,
    group: group.view,
    keys: [],
    run: () => setTheme(useView.getState().theme === "dark" ? "light" : "dark"),
  },
  {
    id: "simple",
    label: simple.command,
    group: group.view,
    keys: ["Mod+Alt+F"],
    run: switchMode,
  },
  {
    id: "minimap",
    label: say.minimap,
    group: group.view,
    keys: ["Alt+M"],
    run: () => show({ minimap: !useView.getState().minimap }),
  },
  {
    id: "outline",
    label: say.outline,
    group: group.view,
    keys: ["L"],
    run: () => toggleDrawer("outline"),
  },
  { id: "history", label: say.history, group: group.view, keys: ["G"], run: () => toggleDrawer("history") },
  { id: "queue", label: say.queue, group: group.view, keys: ["Q"], run: () => toggleDrawer("queue") },
  { id: "steps", label: say.steps, group: group.view, keys: ["U"], run: () => toggleDrawer("steps") },

  { id: "new", label: say.fresh, group: group.file, keys: ["Alt+N"], run: () => openDocument(EMPTY, "") },
  {
    id: "open",
    label: say.open,
    group: group.file,
    keys: ["Mod+O"],
    run: () => useFiles.setState({ opening: true }),
  },
  { id: "save", label: say.save, group: group.file, keys: ["Mod+S"], run: () => report(save()) },
  { id: "save-as", label: file.saveAs, group: group.file, keys: ["Mod+Shift+S"], run: askName },
  {
    id: "download",
    label: file.download,
    group: group.file,
    keys: ["Mod+Alt+S"],
    run: () => report(saveFile("workflow")),
  },
  {
    id: "export",
    label: say.exportApi,
    group: group.file,
    keys: ["Mod+Alt+E"],
    run: () => report(saveFile("api")),
  },
  {
    id: "export-python",
    label: file.exportPython,
    group: group.file,
    keys: [],
    run: () => report(saveFile("python")),
  },
  {
    id: "models",
    label: library.title,
    group: group.view,
    keys: ["Alt+L"],
    run: () => report(openLibrary()),
  },
  { id: "close", label: file.close, group: group.file, keys: ["Alt+W"], run: () => closeTab() },
  {
    id: "next-tab",
    label: file.nextTab,
    group: group.file,
    keys: ["Alt+PageDown"],
    run: () => stepTab(1),
    can: many,
  },
  {
    id: "previous-tab",
    label: file.previousTab,
    group: group.file,
    keys: ["Alt+PageUp"],
    run: () => stepTab(-1),
    can: many,
  },
];

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(String);

/** Keys that move about rather than do something; they are in no menu. */
export const MOVES: Readonly<Record<string, () => void>> = {
  ArrowLeft: () => go("left"),
  ArrowRight: () => go("right"),
  ArrowUp: () => go("up"),
  ArrowDown: () => go("down"),
  "Alt+ArrowLeft": nudge(-20, 0),
  "Alt+ArrowRight": nudge(20, 0),
  "Alt+ArrowUp": nudge(0, -20),
  "Alt+ArrowDown": nudge(0, 20),
  Escape: () => (chosen().length > 0 ? select([]) : leave()),
  ...Object.fromEntries(DIGITS.map((key) => [key, () => pressDigit(key)])),
};

const ON_FORM = new Set(["undo", "redo", "commands", "theme", "simple", "history", "queue", "steps"]);

/** Whether a command can be done now; what needs the graph cannot, while the form is shown. */
export const usable = (command: Command): boolean =>
  (!useMode.getState().simple ||
    ON_FORM.has(command.id) ||
    command.group === group.file ||
    (command.group === group.run && command.id !== "run-here")) &&
  (!command.can || command.can());

export const commandOf = (id: string): Command => {
  const found = COMMANDS.find((one) => one.id === id);
  if (!found) throw new Error(`There is no command ${id}`);
  return found;
};

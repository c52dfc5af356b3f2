import { useFiles } from "../files/dialog";
import { askName, closeTab, save } from "../files/file";
import { EMPTY } from "../model/document";
import { openDocument, saveFile } from "../server/document";
import { stepTab, useTabs } from "../store/tab";
import { text } from "../text";
import { file } from "../text/file";
import { type Command, report } from "./command";

const { command: say, group } = text;
const many = (): boolean => useTabs.getState().tabs.length > 1;

/** Files and tabs. */
export const FILING: readonly Command[] = [
  { id: "new", label: say.fresh, group: group.file, keys: ["Alt+N"], run: () => openDocument(EMPTY, "") },
  {
    id: "open",
    label: say.open,
    group: group.file,
    keys: ["Mod+O"],
    everywhere: true,
    run: () => useFiles.setState({ opening: true }),
  },
  {
    id: "save",
    label: say.save,
    group: group.file,
    keys: ["Mod+S"],
    everywhere: true,
    run: () => report(save()),
  },
  {
    id: "save-as",
    label: file.saveAs,
    group: group.file,
    keys: ["Mod+Shift+S"],
    everywhere: true,
    run: askName,
  },
  {
    id: "download",
    label: file.download,
    group: group.file,
    keys: ["Mod+Alt+S"],
    everywhere: true,
    run: () => report(saveFile("workflow")),
  },
  {
    id: "export",
    label: say.exportApi,
    group: group.file,
    keys: ["Mod+Alt+E"],
    everywhere: true,
    run: () => report(saveFile("api")),
  },
  {
    id: "export-python",
    label: file.exportPython,
    group: group.file,
    keys: ["Mod+Alt+P"],
    everywhere: true,
    run: () => report(saveFile("python")),
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

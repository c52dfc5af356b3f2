import { fitAll, fitNodes, zoomBy, zoomTo } from "../canvas/camera";
import { openLibrary } from "../library/store";
import { viewNode } from "../run/bound";
import { switchMode } from "../simple/mode";
import { chosen } from "../store/selection";
import { setTheme, show, showMap, toggleDrawer, useView } from "../store/view";
import { text } from "../text";
import { connection } from "../text/connection";
import { library } from "../text/library";
import { shortcut } from "../text/shortcut";
import { simple } from "../text/simple";
import { nextArea } from "./area";
import { type Command, report } from "./command";
import { one, some } from "./condition";

const { command: say, group } = text;

/** Looking about, and what is shown beside the graph. */
export const VIEWING: readonly Command[] = [
  {
    id: "view",
    label: say.view,
    group: group.view,
    keys: ["V"],
    run: () => chosen().slice(0, 1).forEach(viewNode),
    can: one,
  },
  {
    id: "find",
    label: say.find,
    group: group.view,
    keys: ["Mod+F"],
    everywhere: true,
    run: () => show({ finding: true }),
  },
  {
    id: "commands",
    label: say.commands,
    group: group.view,
    keys: ["Mod+K"],
    everywhere: true,
    onForm: true,
    run: () => show({ commands: true }),
  },
  {
    id: "area",
    label: connection.area,
    group: group.view,
    keys: ["F6"],
    everywhere: true,
    onForm: true,
    run: nextArea,
  },
  {
    id: "shortcuts",
    label: shortcut.title,
    group: group.view,
    keys: ["Mod+,", "Shift+?"],
    onForm: true,
    run: () => show({ shortcuts: true }),
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
    keys: ["Alt+T"],
    onForm: true,
    run: () => setTheme(useView.getState().theme === "dark" ? "light" : "dark"),
  },
  {
    id: "theme-system",
    label: say.themeSystem,
    group: group.view,
    keys: ["Alt+Shift+T"],
    onForm: true,
    run: () => setTheme(null),
  },
  {
    id: "simple",
    label: simple.command,
    group: group.view,
    keys: ["Mod+Alt+F"],
    onForm: true,
    run: switchMode,
  },
  {
    id: "minimap",
    label: say.minimap,
    group: group.view,
    keys: ["Alt+M"],
    run: () => showMap(!useView.getState().minimap),
  },
  {
    id: "outline",
    label: say.outline,
    group: group.view,
    keys: ["L"],
    run: () => toggleDrawer("outline"),
  },
  {
    id: "history",
    label: say.history,
    group: group.view,
    keys: ["G"],
    onForm: true,
    run: () => toggleDrawer("history"),
  },
  {
    id: "queue",
    label: say.queue,
    group: group.view,
    keys: ["Q"],
    onForm: true,
    run: () => toggleDrawer("queue"),
  },
  {
    id: "steps",
    label: say.steps,
    group: group.view,
    keys: ["U"],
    onForm: true,
    run: () => toggleDrawer("steps"),
  },
  {
    id: "models",
    label: library.title,
    group: group.view,
    keys: ["Alt+L"],
    run: () => report(openLibrary()),
  },
];

import { middle } from "../canvas/camera";
import { align, spread } from "../model/align";
import { clearValues } from "../model/edit";
import { paintMask } from "../run/mask";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { chosen, chosenFrames } from "../store/selection";
import { show } from "../store/view";
import { text } from "../text";
import { connection } from "../text/connection";
import { words } from "../text/subgraph";
import { openMenu } from "./area";
import type { Command } from "./command";
import { one, oneWorking, several, some, working } from "./condition";
import {
  addNote,
  bypassChosen,
  collapseChosen,
  frameChosen,
  muteChosen,
  pinChosen,
  tidyUp,
  wireChosen,
} from "./edit";
import { editChosen } from "./move";
import { askSubgraphName, enter, groupChosen, isInstance, leave, subgraphHere, unpackChosen } from "./place";

const { command: say, group } = text;

const SIDES = [
  ["left", "L"],
  ["right", "R"],
  ["top", "U"],
  ["bottom", "D"],
] as const;
const LINES = [
  ["across", "H"],
  ["down", "V"],
] as const;

/** What is done to nodes. */
export const NODES: readonly Command[] = [
  {
    id: "add",
    label: say.add,
    group: group.node,
    keys: ["Tab", "Shift+A"],
    run: () => show({ adding: { ...middle(), wire: null, clear: true } }),
  },
  { id: "note", label: say.note, group: group.node, keys: ["Shift+N"], run: addNote },
  { id: "mute", label: say.mute, group: group.node, keys: ["Mod+M", "M"], run: muteChosen, can: working },
  { id: "bypass", label: say.bypass, group: group.node, keys: ["Mod+B"], run: bypassChosen, can: working },
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
    run: () => show({ renaming: chosen()[0] ?? `frame:${chosenFrames()[0]}` }),
    can: () => chosen().length === 1 || (chosen().length === 0 && chosenFrames().length === 1),
  },
  {
    id: "wire",
    label: connection.command,
    group: group.node,
    keys: ["C"],
    run: () => show({ connecting: { node: chosen()[0] ?? "", wire: null } }),
    can: oneWorking,
  },
  {
    id: "connect",
    label: say.connect,
    group: group.node,
    keys: ["F"],
    run: wireChosen,
    can: several,
  },
  { id: "frame", label: say.frame, group: group.node, keys: ["Mod+G"], run: frameChosen, can: some },
  {
    id: "group",
    label: words.group,
    group: group.node,
    keys: ["Mod+Shift+E", "Mod+Shift+G"],
    run: groupChosen,
    can: working,
  },
  {
    id: "rename-subgraph",
    label: words.renameAll,
    group: group.node,
    keys: ["Shift+F2"],
    run: askSubgraphName,
    can: () => subgraphHere() !== null,
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
  {
    id: "menu",
    label: connection.menu,
    group: group.node,
    keys: ["Shift+F10", "ContextMenu"],
    onForm: true,
    run: openMenu,
  },
  { id: "tidy", label: say.tidy, group: group.node, keys: ["Shift+T"], run: tidyUp },
  {
    id: "reset",
    label: say.reset,
    group: group.node,
    keys: ["Alt+Backspace"],
    run: () => apply(text.command.reset, clearValues(chosen(), specs())),
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
  ...SIDES.map(
    ([side, key]): Command => ({
      id: `align-${side}`,
      label: say.align[side],
      group: group.node,
      keys: [`Shift+${key}`],
      run: () => apply(text.edit.align, align(chosen(), side, specs())),
      can: several,
    }),
  ),
  ...LINES.map(
    ([line, key]): Command => ({
      id: `spread-${line}`,
      label: say.spread[line],
      group: group.node,
      keys: [`Shift+${key}`],
      run: () => apply(text.edit.spread, spread(chosen(), line, specs())),
      can: () => chosen().length > 2,
    }),
  ),
];

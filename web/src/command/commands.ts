import { useMode } from "../simple/mode";
import { text } from "../text";
import type { Command } from "./command";
import { EDITING } from "./editing";
import { FILING } from "./filing";
import { MOVING } from "./move";
import { NODES } from "./nodes";
import { RUNNING } from "./running";
import { VIEWING } from "./viewing";
import { WIRES } from "./wire";

/** Everything that can be done. */
export const COMMANDS: readonly Command[] = [
  ...RUNNING,
  ...EDITING,
  ...NODES,
  ...WIRES,
  ...VIEWING,
  ...FILING,
  ...MOVING,
];

const { group } = text;

/** Whether a command can be done now; what needs the graph cannot, while the form is shown. */
export const usable = (command: Command): boolean =>
  (!useMode.getState().simple ||
    command.onForm === true ||
    command.group === group.file ||
    (command.group === group.run && command.id !== "run-here")) &&
  (!command.can || command.can());

export const commandOf = (id: string): Command => {
  const found = COMMANDS.find((one) => one.id === id);
  if (!found) throw new Error(`There is no command ${id}`);
  return found;
};

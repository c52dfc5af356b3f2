import { cancelRun, run } from "../run/run";
import { isBusy, useJobs } from "../store/job";
import { chosen } from "../store/selection";
import { text } from "../text";
import { type Command, report } from "./command";
import { one } from "./condition";

const { command: say, group } = text;

/** Running what is drawn. */
export const RUNNING: readonly Command[] = [
  {
    id: "run",
    label: say.run,
    group: group.run,
    keys: ["Mod+Enter"],
    everywhere: true,
    run: () => report(run()),
  },
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
    everywhere: true,
    run: () => report(cancelRun()),
    can: () => isBusy(useJobs.getState()),
  },
];

import { pauseQueue } from "../run/queue";
import { cancelRun, run, runTo } from "../run/run";
import { useMode } from "../simple/mode";
import { isBusy, useJobs } from "../store/job";
import { tell } from "../store/notice";
import { chosen } from "../store/selection";
import { show } from "../store/view";
import { text } from "../text";
import { type Command, report } from "./command";
import { oneWorking } from "./condition";

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
    run: () => report(runTo(chosen()[0] ?? "")),
    can: oneWorking,
  },
  {
    id: "run-on-change",
    label: text.run.onChange,
    group: group.run,
    keys: ["Mod+Alt+R"],
    everywhere: true,
    run: switchOnChange,
  },
  {
    id: "batch",
    label: text.run.batch,
    group: group.run,
    keys: ["Alt+B"],
    run: () => document.querySelector<HTMLElement>(".run-batch input")?.focus(),
    can: () => !useMode.getState().simple,
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
  {
    id: "pause",
    label: text.queue.pauseOrNot,
    group: group.run,
    keys: ["Alt+Q"],
    run: () => report(pauseQueue(!useJobs.getState().paused)),
  },
  {
    id: "clear-queue",
    label: text.queue.clear,
    group: group.run,
    keys: ["Alt+Shift+Q"],
    // It cannot be taken back, so the list asks first, where one sees what waits.
    run: () => show({ drawer: "queue" }),
    can: () => useJobs.getState().queue.some((job) => job.state === "queued"),
  },
];

function switchOnChange(): void {
  const onChange = !useJobs.getState().onChange;
  useJobs.setState({ onChange });
  tell(text.run.onChangeIs[onChange ? "on" : "off"]);
}

import { keysShown } from "../command/command";
import { commandOf } from "../command/commands";
import { TabStrip } from "../files/TabStrip";
import { switchMode, useMode } from "../simple/mode";
import { useDocument } from "../store/document";
import { isBusy, useJobs } from "../store/job";
import { useKeysOf } from "../store/shortcut";
import { useView } from "../store/view";
import { text } from "../text";
import { simple as say } from "../text/simple";
import { Batch } from "./Batch";
import { Icon, type IconName } from "./Icon";

/** The bar at the top: what is open, and the things that are done most. */
export function Bar() {
  const theme = useView((state) => state.theme);
  const drawer = useView((state) => state.drawer);
  const waiting = useJobs((state) => state.queue.length);
  const simple = useMode((state) => state.simple);
  return (
    <header className="bar">
      <Mark />
      <TabStrip />
      <span className="bar-group bar-edit">
        <Button id="undo" icon="undo" />
        <Button id="redo" icon="redo" />
      </span>
      <span className="bar-space" />
      <span className="bar-group">
        {!simple && <Button id="add" icon="plus" wide />}
        <Button id="commands" icon="command" />
        <Button id="open" icon="folder" wide />
        <Button id="save" icon="save" wide />
        <Button id="theme" icon={theme === "dark" ? "sun" : "moon"} wide />
      </span>
      <span className="bar-group">
        {!simple && <Button id="outline" icon="outline" pressed={drawer === "outline"} />}
        <Button id="history" icon="picture" pressed={drawer === "history"} />
        <Button id="queue" icon="list" pressed={drawer === "queue"} badge={waiting} />
        <Button id="steps" icon="clock" pressed={drawer === "steps"} wide />
      </span>
      <ModeButton simple={simple} />
      {!simple && <RunButton />}
    </header>
  );
}

function ModeButton({ simple }: { simple: boolean }) {
  const command = commandOf("simple");
  const [keys = ""] = useKeysOf(command);
  return (
    <button
      type="button"
      className="mode-button"
      aria-label={simple ? say.graph : say.form}
      title={`${command.label} (${keysShown(keys)})`}
      onClick={switchMode}
    >
      <Icon name={simple ? "map" : "form"} />
      <span>{simple ? say.graph : say.form}</span>
    </button>
  );
}

function Mark() {
  return (
    <span className="bar-mark">
      <i aria-hidden="true" />
      <b>{text.name}</b>
    </span>
  );
}

interface ButtonProps {
  readonly id: string;
  readonly icon: IconName;
  readonly pressed?: boolean;
  readonly badge?: number;
  /** Not on a narrow screen, where the command palette has it. */
  readonly wide?: boolean;
}

function Button({ id, icon, pressed, badge, wide }: ButtonProps) {
  const command = commandOf(id);
  useDocument((state) => (command.can ? state.history : null));
  const [keys] = useKeysOf(command);
  return (
    <button
      type="button"
      className="bar-button"
      data-wide={wide ? "" : undefined}
      aria-label={command.label}
      aria-pressed={pressed}
      title={keys ? `${command.label} (${keysShown(keys)})` : command.label}
      disabled={command.can ? !command.can() : false}
      onClick={command.run}
    >
      <Icon name={icon} />
      {badge ? <span className="bar-badge">{badge}</span> : null}
    </button>
  );
}

function OnChange() {
  const on = useJobs((state) => state.onChange);
  const command = commandOf("run-on-change");
  const [keys = ""] = useKeysOf(command);
  return (
    <button
      type="button"
      className="bar-button"
      data-wide=""
      aria-label={command.label}
      title={`${command.label} (${keysShown(keys)})`}
      aria-pressed={on}
      onClick={command.run}
    >
      <Icon name="again" />
    </button>
  );
}

function RunButton() {
  const busy = useJobs(isBusy);
  const run = commandOf("run");
  const [keys = ""] = useKeysOf(run);
  return (
    <span className="run">
      <Batch />
      <OnChange />
      <button
        type="button"
        className="run-button"
        title={`${run.label} (${keysShown(keys)})`}
        onClick={run.run}
      >
        <Icon name="play" />
        {text.run.run}
      </button>
      {busy && (
        <button
          type="button"
          className="run-cancel"
          title={text.command.cancel}
          aria-label={text.command.cancel}
          onClick={commandOf("cancel").run}
        >
          <Icon name="stop" />
        </button>
      )}
    </span>
  );
}

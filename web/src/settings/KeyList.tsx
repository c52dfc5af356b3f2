import { type KeyboardEvent, useRef, useState } from "react";
import { type Command, keysOf, keysShown } from "../command/command";
import { COMMANDS } from "../command/commands";
import { giveKeys, holder, isKept, isWhole, takeKeys } from "../model/shortcut";
import { Icon } from "../panel/Icon";
import { setShortcuts, useKeysOf, useShortcuts } from "../store/shortcut";
import { shortcut as say } from "../text/shortcut";

/** What is being asked for: keys, or whether they may be taken from another command. */
type Asking = { readonly keys: string; readonly from: Command | null } | "keys" | null;

/** The keys of a command: to be taken away, and more of them recorded. */
export function KeyList({ command }: { command: Command }) {
  const keys = useKeysOf(command);
  const [asking, setAsking] = useState<Asking>(null);
  const was = useRef(false);
  const done = (next: Asking, focus = true) => {
    was.current = focus;
    setAsking(next);
  };
  if (asking === "keys") return <Recorder command={command} done={done} />;
  if (asking) return <Conflict command={command} asking={asking} done={() => done(null)} />;
  return (
    <span className="shortcuts-keys">
      {keys.map((one) => (
        <Key key={one} command={command} keys={one} />
      ))}
      <button
        type="button"
        className="bar-button"
        // biome-ignore lint/a11y/noAutofocus: the focus was here before the keys were asked for
        autoFocus={was.current}
        aria-label={say.add(command.label)}
        title={say.add(command.label)}
        onClick={() => setAsking("keys")}
      >
        <Icon name="plus" />
      </button>
    </span>
  );
}

function Key({ command, keys }: { command: Command; keys: string }) {
  const label = say.take(keysShown(keys), command.label);
  return (
    <kbd>
      {keysShown(keys)}
      <button
        type="button"
        aria-label={label}
        title={label}
        onClick={() => setShortcuts(takeKeys(useShortcuts.getState().own, command, keys))}
      >
        <Icon name="close" />
      </button>
    </kbd>
  );
}

const give = (command: Command, keys: string): void =>
  setShortcuts(giveKeys(useShortcuts.getState().own, COMMANDS, command, keys));

function Recorder({ command, done }: { command: Command; done: (asking: Asking, focus?: boolean) => void }) {
  const [said, setSaid] = useState("");
  const press = (event: KeyboardEvent) => {
    if (event.key === "Tab") return done(null);
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape" && command.id !== "escape") return done(null);
    if (!isWhole(event.key)) return;
    const keys = keysOf(event.nativeEvent);
    if (isKept(keys)) return setSaid(say.kept(keysShown(keys)));
    const from = holder(useShortcuts.getState().own, COMMANDS, keys);
    if (from && from.id !== command.id) return done({ keys, from });
    give(command, keys);
    done(null);
  };
  return (
    <span className="shortcuts-keys">
      <button
        type="button"
        className="shortcuts-press"
        // biome-ignore lint/a11y/noAutofocus: the next keys are what was asked for
        autoFocus
        onKeyDown={press}
        onBlur={() => done(null, false)}
      >
        {said || say.press} <small>{said ? "" : say.cancel}</small>
      </button>
    </span>
  );
}

interface ConflictProps {
  readonly command: Command;
  readonly asking: { readonly keys: string; readonly from: Command | null };
  readonly done: () => void;
}

function Conflict({ command, asking: { keys, from }, done }: ConflictProps) {
  return (
    <span
      className="shortcuts-keys"
      role="alertdialog"
      aria-label={say.taken(keysShown(keys), from?.label ?? "")}
    >
      <span>{say.taken(keysShown(keys), from?.label ?? "")}</span>
      <button
        type="button"
        className="ask-button ask-first"
        // biome-ignore lint/a11y/noAutofocus: the question comes before anything else
        autoFocus
        onClick={() => {
          give(command, keys);
          done();
        }}
      >
        {say.here}
      </button>
      <button type="button" className="ask-button" onClick={done}>
        {say.leave}
      </button>
    </span>
  );
}

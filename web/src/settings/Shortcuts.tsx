import { useState } from "react";
import { type Command, keysShown } from "../command/command";
import { COMMANDS } from "../command/commands";
import { search } from "../model/search";
import { resetKeys } from "../model/shortcut";
import { Icon } from "../panel/Icon";
import { SearchSheet } from "../panel/SearchSheet";
import { Sure } from "../panel/Sure";
import { setShortcuts, useShortcuts } from "../store/shortcut";
import { show } from "../store/view";
import { text } from "../text";
import { shortcut as say } from "../text/shortcut";
import { KeyList } from "./KeyList";

const close = (): void => show({ shortcuts: false });

/** Every command with its keys, which can be changed. */
export default function Shortcuts() {
  const [query, setQuery] = useState("");
  const own = useShortcuts((state) => state.own);
  const groups = Object.values(text.group).map((name) => ({ name, commands: found(query, name) }));
  const any = groups.some((one) => one.commands.length > 0);
  return (
    <SearchSheet
      title={say.title}
      hint={say.search}
      query={query}
      setQuery={setQuery}
      close={close}
      className="shortcuts"
    >
      <div className="shortcuts-list">
        {groups.map(
          ({ name, commands }) => commands.length > 0 && <Group key={name} name={name} commands={commands} />,
        )}
        {!any && <p className="drawer-none">{say.nothing}</p>}
      </div>
      <footer className="shortcuts-foot">
        <small>{say.hint}</small>
        {Object.keys(own).length > 0 && (
          <Sure
            label={say.resetAll}
            question={say.sureAll}
            className="drawer-action"
            act={() => setShortcuts({})}
          />
        )}
      </footer>
    </SearchSheet>
  );
}

/** The commands of a group that answer to a query, by their names or their keys. */
function found(query: string, group: string): readonly Command[] {
  const all = COMMANDS.filter((one) => one.group === group);
  if (query.trim() === "") return all;
  const { own } = useShortcuts.getState();
  return search(query, all, (one) => ({
    name: one.label,
    others: [one.id, ...(own[one.id] ?? one.keys), ...(own[one.id] ?? one.keys).map(keysShown)],
  }));
}

function Group({ name, commands }: { name: string; commands: readonly Command[] }) {
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      <ul>
        {commands.map((one) => (
          <Row key={one.id} command={one} />
        ))}
      </ul>
    </section>
  );
}

function Row({ command }: { command: Command }) {
  const own = useShortcuts((state) => state.own);
  return (
    <li data-command={command.id}>
      <span>{command.label}</span>
      <KeyList command={command} />
      {own[command.id] && (
        <button
          type="button"
          className="bar-button"
          aria-label={say.reset(command.label)}
          title={say.reset(command.label)}
          onClick={() => setShortcuts(resetKeys(own, COMMANDS, command))}
        >
          <Icon name="undo" />
        </button>
      )}
    </li>
  );
}

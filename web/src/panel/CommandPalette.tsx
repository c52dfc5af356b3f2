import { type Command, keysShown } from "../command/command";
import { COMMANDS, usable } from "../command/commands";
import { search } from "../model/search";
import { shortcutsOf } from "../store/shortcut";
import { show, useView } from "../store/view";
import { text } from "../text";
import { Palette } from "./Palette";

/** Everything that can be done, with its keys. */
export function CommandPalette() {
  const open = useView((state) => state.commands);
  if (!open) return null;
  const able = COMMANDS.filter((one) => one.id !== "commands" && !one.quiet && usable(one));
  return (
    <Palette<Command>
      label={text.command.commands}
      placeholder={text.commands.placeholder}
      nothing={text.commands.nothing}
      find={(query) =>
        search(query, able, (one) => ({ name: one.label, others: [one.id], place: one.group }))
      }
      keyOf={(one) => one.id}
      row={(one) => (
        <>
          <span className="palette-name">{one.label}</span>
          <span className="palette-place">{one.group}</span>
          <Keys keys={shortcutsOf(one)[0]} />
        </>
      )}
      choose={(one) => {
        show({ commands: false });
        one.run();
      }}
      close={() => show({ commands: false })}
    />
  );
}

export function Keys({ keys }: { keys: string | undefined }) {
  return keys ? <kbd>{keysShown(keys)}</kbd> : null;
}

import { type Command, keysShown } from "../command/command";
import { COMMANDS, usable } from "../command/commands";
import { search } from "../model/search";
import { tell } from "../store/notice";
import { shortcutsOf } from "../store/shortcut";
import { show, useView } from "../store/view";
import { text } from "../text";
import { Palette } from "./Palette";

/** Everything that can be done, with its keys. What has nothing to work on now comes last, and says so. */
export function CommandPalette() {
  const open = useView((state) => state.commands);
  if (!open) return null;
  const all = COMMANDS.filter((one) => one.id !== "commands" && !one.quiet);
  const able = all.filter(usable);
  const unable = all.filter((one) => !able.includes(one));
  const among = (commands: readonly Command[], query: string) =>
    search(query, commands, (one) => ({ name: one.label, others: [one.id], place: one.group }));
  return (
    <Palette<Command>
      label={text.command.commands}
      placeholder={text.commands.placeholder}
      nothing={text.commands.nothing}
      find={(query) => [...among(able, query), ...among(unable, query)]}
      off={(one) => unable.includes(one)}
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
        if (usable(one)) one.run();
        else tell(text.commands.cannot(one.label));
      }}
      close={() => show({ commands: false })}
    />
  );
}

export function Keys({ keys }: { keys: string | undefined }) {
  return keys ? <kbd>{keysShown(keys)}</kbd> : null;
}

import { complain } from "../server/complaint";

/** Something that a person can do: in the palette, in menus, and by its keys. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  /** The keys that it comes with, such as `Mod+Shift+Z`; `Mod` is Ctrl, and Cmd on a Mac. */
  readonly keys: readonly string[];
  readonly run: () => void;
  /** Whether it can be done now. */
  readonly can?: () => boolean;
  /** Whether its keys work while a person types. */
  readonly everywhere?: boolean;
  /** Whether it can be done while the form is shown. */
  readonly onForm?: boolean;
  /** Whether it is left out of the palette: moving about rather than doing something. */
  readonly quiet?: boolean;
}

/** Do something that takes a while; what goes wrong is said. */
export const report = (promise: Promise<unknown>): void => void promise.catch(complain);

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys of an event, written as commands write them. */
export function keysOf(event: KeyboardEvent): string {
  const parts = [];
  if (isMac ? event.metaKey : event.ctrlKey) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey) parts.push("Shift");
  const digit = /^Digit(\d)$/.exec(event.code);
  const letter = /^Key([A-Z])$/.exec(event.code);
  // Letters by what they write, so that other keyboards work; where Alt or another script hides it, by their place.
  const written = event.key.length === 1 && /[a-z]/i.test(event.key) ? event.key.toUpperCase() : letter?.[1];
  parts.push(digit?.[1] ?? written ?? event.key);
  return parts.join("+");
}

/** Keys as a person reads them. */
export const keysShown = (keys: string): string =>
  keys
    .split("+")
    .map(
      (key) =>
        ({
          Mod: isMac ? "⌘" : "Ctrl",
          Alt: isMac ? "⌥" : "Alt",
          Shift: isMac ? "⇧" : "Shift",
          ArrowLeft: "←",
          ArrowRight: "→",
          ArrowUp: "↑",
          ArrowDown: "↓",
          Escape: "Esc",
          Delete: "Del",
          Enter: "↵",
        })[key] ?? key,
    )
    .join(isMac ? "" : " ");

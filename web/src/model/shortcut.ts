/** The keys that a person gave to commands, by command; a command that is not named has its first ones. */
export type Own = Readonly<Record<string, readonly string[]>>;

/** What has keys: a command by its id, with those that it comes with. */
export interface Keyed {
  readonly id: string;
  readonly keys: readonly string[];
}

const MODIFIERS = new Set(["Control", "Meta", "Alt", "Shift", "AltGraph", "CapsLock", "Dead", "Process"]);

/** Keys that every browser keeps to itself: no page hears of them. */
const KEPT = new Set(["Mod+W", "Mod+T", "Mod+N", "Mod+Shift+W", "Mod+Shift+T", "Mod+Shift+N", "Mod+Tab"]);

/** Whether a key stands alone: Ctrl, Alt and Shift do not. */
export const isWhole = (key: string): boolean => !MODIFIERS.has(key);

export const isKept = (keys: string): boolean => KEPT.has(keys);

/** Whether keys may work while a person types: those that write nothing. */
export const writesNothing = (keys: string): boolean => /^Mod\+|^(Alt\+|Shift\+)*F\d+$/.test(keys);

export const keysIn = (own: Own, command: Keyed): readonly string[] => own[command.id] ?? command.keys;

/** The command that keys belong to. */
export const holder = <T extends Keyed>(own: Own, commands: readonly T[], keys: string): T | undefined =>
  commands.find((one) => keysIn(own, one).includes(keys));

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((keys, index) => keys === other[index]);

function put(own: Own, command: Keyed, keys: readonly string[]): Own {
  const { [command.id]: _, ...rest } = own;
  return same(keys, command.keys) ? rest : { ...rest, [command.id]: keys };
}

/** Take keys from a command. */
export const takeKeys = (own: Own, command: Keyed, keys: string): Own =>
  put(
    own,
    command,
    keysIn(own, command).filter((one) => one !== keys),
  );

/** Give keys to a command; whichever had them loses them. */
export function giveKeys(own: Own, commands: readonly Keyed[], command: Keyed, keys: string): Own {
  const before = holder(own, commands, keys);
  if (before?.id === command.id) return own;
  const free = before ? takeKeys(own, before, keys) : own;
  return put(free, command, [...keysIn(free, command), keys]);
}

/** Let a command have the keys again that it came with; whichever has them now loses them. */
export function resetKeys(own: Own, commands: readonly Keyed[], command: Keyed): Own {
  const free = command.keys.reduce((made, keys) => {
    const now = holder(made, commands, keys);
    return now && now.id !== command.id ? takeKeys(made, now, keys) : made;
  }, own);
  return put(free, command, command.keys);
}

/** What a browser kept; anything else counts as nothing. */
export function readOwn(kept: string | null): Own {
  try {
    return ownOf(JSON.parse(kept ?? "{}"));
  } catch {
    return {};
  }
}

/** The keys that a setting holds; anything else counts as nothing. */
export function ownOf(found: unknown): Own {
  if (typeof found !== "object" || found === null || Array.isArray(found)) return {};
  return Object.fromEntries(
    Object.entries(found).filter(
      (one): one is [string, string[]] =>
        Array.isArray(one[1]) && one[1].every((keys) => typeof keys === "string"),
    ),
  );
}

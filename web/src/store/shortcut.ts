import { create } from "zustand";
import { type Keyed, keysIn, type Own, readOwn } from "../model/shortcut";

const KEY = "safelight.keys";

/** The keys that a person gave to commands. */
export const useShortcuts = create<{ readonly own: Own }>(() => ({
  own: readOwn(localStorage.getItem(KEY)),
}));

// Another window of this browser changed them.
addEventListener("storage", (event) => {
  if (event.key === KEY) useShortcuts.setState({ own: readOwn(event.newValue) });
});

export function setShortcuts(own: Own): void {
  if (Object.keys(own).length > 0) localStorage.setItem(KEY, JSON.stringify(own));
  else localStorage.removeItem(KEY);
  useShortcuts.setState({ own });
}

/** The keys of a command, the first of which is shown beside it. */
export const shortcutsOf = (command: Keyed): readonly string[] =>
  keysIn(useShortcuts.getState().own, command);

export const useKeysOf = (command: Keyed): readonly string[] =>
  useShortcuts((state) => keysIn(state.own, command));

type Way = "left" | "right" | "up" | "down";
const ways = (words: (way: string) => string): Readonly<Record<Way, string>> => ({
  left: words("left"),
  right: words("right"),
  up: words("up"),
  down: words("down"),
});

/** The words of keys and of moving about with them. */
export const shortcut = {
  title: "Shortcuts",
  search: "Search commands or keys",
  nothing: "No command answers to that.",
  add: (label: string) => `Add a shortcut to ${label}`,
  take: (keys: string, label: string) => `Take ${keys} from ${label}`,
  reset: (label: string) => `Give ${label} its first shortcut again`,
  resetAll: "Reset all",
  sureAll: "Give every command its first shortcut again?",
  press: "Press the keys",
  cancel: "Esc leaves it as it is",
  taken: (keys: string, label: string) => `${keys} belongs to “${label}”.`,
  here: "Use it here",
  leave: "Leave it there",
  kept: (keys: string) => `${keys} belongs to the browser, which does not let go of it.`,
  none: "none",
  hint: "Kept on the server, so that every browser has them.",
  go: ways((way) => `Go ${way}, along wires`),
  extend: ways((way) => `Go ${way} and keep what is chosen`),
  move: ways((way) => `Move nodes ${way}`),
  size: {
    left: "Make nodes narrower",
    right: "Make nodes wider",
    up: "Make nodes lower",
    down: "Make nodes taller",
  } as Readonly<Record<Way, string>>,
  pan: ways((way) => `Look ${way}`),
  escape: "Choose nothing, or leave the subgraph",
  digit: (digit: number) => `Viewer ${digit}: show it, or bind the chosen node to it`,
};

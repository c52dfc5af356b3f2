const NAMED = new Set(
  "MODEL CLIP VAE CONDITIONING LATENT IMAGE MASK VIDEO AUDIO CONTROL_NET SIGMAS SAMPLER NOISE GUIDER INT FLOAT STRING BOOLEAN".split(
    " ",
  ),
);

/** The CSS colour of a type; a socket that takes several has that of the first. */
export function typeColor(type: string): string {
  const first = type.split(",")[0] ?? "";
  return `var(--type-${NAMED.has(first) ? first : "other"})`;
}

let themed = "";
const found = new Map<string, string>();

/** The same as a plain colour, for drawing on a canvas. */
export function plainColor(name: string, theme: string): string {
  if (themed !== theme) {
    found.clear();
    themed = theme;
  }
  let color = found.get(name);
  if (color === undefined) {
    color = getComputedStyle(document.documentElement)
      .getPropertyValue(name.startsWith("var(") ? name.slice(4, -1) : name)
      .trim();
    found.set(name, color);
  }
  return color;
}

/** The title colours of saved files, which were made for one dark theme, as colours that suit both of ours. */
const SAVED: Readonly<Record<string, string>> = {
  "#322": "#a8483f",
  "#332922": "#9a6a4a",
  "#232": "#4f8a54",
  "#223": "#4672a6",
  "#2a363b": "#5f8296",
  "#233": "#3c8a86",
  "#323": "#7b62a8",
  "#432": "#a5813a",
  "#222": "#77706b",
};

/** The colour that a node is shown in. */
export const tintOf = (color: string): string => SAVED[color] ?? color;

/** The colours that a node or a frame can be given. */
export const PALETTE: Readonly<Record<string, string>> = {
  none: "",
  red: "#a8483f",
  amber: "#a5813a",
  green: "#4f8a54",
  teal: "#3c8a86",
  blue: "#4672a6",
  violet: "#7b62a8",
  grey: "#77706b",
};

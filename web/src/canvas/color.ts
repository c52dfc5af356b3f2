const NAMED = new Set(
  "MODEL CLIP VAE CONDITIONING LATENT IMAGE MASK CONTROL_NET SIGMAS SAMPLER NOISE GUIDER INT FLOAT STRING BOOLEAN".split(
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

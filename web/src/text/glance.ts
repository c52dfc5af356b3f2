/** The words of what went through a wire. */
export const glance = {
  asking: "Looking…",
  unrun: "Nothing went through it yet: run it.",
  gone: "What went through it is not kept.",
  picture: "What went through it",
  shape: "shape",
  dtype: "type",
  range: "range",
  mean: "mean",
  one: "one number",
  items: (count: number) => `${count} values, one after the other; the first:`,
  more: (count: number) => (count === 1 ? "and one more" : `and ${count} more`),
  number: (value: number | string) =>
    typeof value === "string" ? value : Number.isInteger(value) ? String(value) : value.toPrecision(3),
};

/** The words of curves. */
export const curve = {
  point: (label: string, number: number) => `${label}, point ${number}`,
  place: (x: number, y: number) => `${x.toFixed(2)}, ${y.toFixed(2)}`,
  smooth: "Smooth",
  linear: "Straight",
  reset: "Reset",
};

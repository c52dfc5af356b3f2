import type { Value } from "./value";

export type Knot = readonly [x: number, y: number];
export type Interpolation = "monotone_cubic" | "linear";

/** A curve through points in 0..1, as an input holds it. */
export interface Curve {
  readonly points: readonly Knot[];
  readonly interpolation: Interpolation;
}

export const STRAIGHT: Curve = {
  points: [
    [0, 0],
    [1, 1],
  ],
  interpolation: "monotone_cubic",
};

/** The nearest that two points of a curve may stand, from left to right. */
export const APART = 0.01;
const MOST = 64;

/** The curve that an input holds; the straight one where it holds none. */
export function readCurve(value: Value | undefined): Curve {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return STRAIGHT;
  const points = Array.isArray(value.points) ? value.points.flatMap(readKnot) : [];
  if (points.length === 0) return STRAIGHT;
  return {
    points: points.sort((one, other) => one[0] - other[0]),
    interpolation: value.interpolation === "linear" ? "linear" : "monotone_cubic",
  };
}

const readKnot = (one: Value): Knot[] =>
  Array.isArray(one) && typeof one[0] === "number" && typeof one[1] === "number" ? [[one[0], one[1]]] : [];

export const writeCurve = ({ points, interpolation }: Curve): Value => ({
  points: points.map(([x, y]) => [x, y]),
  interpolation,
});

const round = (number: number): number => Math.round(number * 1000) / 1000;
const within = (number: number, low: number, high: number): number => Math.min(high, Math.max(low, number));

/** Move a point; it stays between those beside it. */
export function moveKnot(curve: Curve, at: number, x: number, y: number): Curve {
  const low = (curve.points[at - 1]?.[0] ?? -APART) + APART;
  const high = (curve.points[at + 1]?.[0] ?? 1 + APART) - APART;
  const moved: Knot = [round(within(x, low, Math.max(low, high))), round(within(y, 0, 1))];
  return { ...curve, points: curve.points.map((one, index) => (index === at ? moved : one)) };
}

/** Put a point in; gives its place, or -1 where there is no room for one. */
export function addKnot(curve: Curve, x: number, y: number): { curve: Curve; at: number } {
  const knot: Knot = [round(within(x, 0, 1)), round(within(y, 0, 1))];
  const near = curve.points.some((one) => Math.abs(one[0] - knot[0]) < APART);
  if (near || curve.points.length >= MOST) return { curve, at: -1 };
  const points = [...curve.points, knot].sort((one, other) => one[0] - other[0]);
  return { curve: { ...curve, points }, at: points.indexOf(knot) };
}

/** Take a point away; the last two stay. */
export const removeKnot = (curve: Curve, at: number): Curve =>
  curve.points.length <= 2 || at < 0
    ? curve
    : { ...curve, points: curve.points.filter((_, index) => index !== at) };

/** How high the curve is at an x, as the server reckons it. */
export function heightAt(curve: Curve, x: number): number {
  const { points } = curve;
  const [first, last] = [points[0] as Knot, points.at(-1) as Knot];
  if (x <= first[0]) return first[1];
  if (x >= last[0]) return last[1];
  const left = points.findLastIndex((one) => one[0] <= x);
  const [a, b] = [points[left] as Knot, points[left + 1] as Knot];
  const width = b[0] - a[0];
  const t = (x - a[0]) / width;
  if (curve.interpolation === "linear") return a[1] + (b[1] - a[1]) * t;
  const rise = slopeAt(points, left) * width;
  const fall = slopeAt(points, left + 1) * width;
  const step = b[1] - a[1];
  return a[1] + t * (rise + t * (3 * step - 2 * rise - fall + t * (rise + fall - 2 * step)));
}

/** The slope at a point: none where the curve turns, so that it has no waves of its own. */
function slopeAt(points: readonly Knot[], at: number): number {
  const step = (index: number): number => {
    const [a, b] = [points[index] as Knot, points[index + 1] as Knot];
    return (b[1] - a[1]) / (b[0] - a[0]);
  };
  if (at === 0) return step(0);
  if (at === points.length - 1) return step(at - 1);
  const [before, after] = [step(at - 1), step(at)];
  if (before * after <= 0) return 0;
  const width = (index: number) => (points[index + 1] as Knot)[0] - (points[index] as Knot)[0];
  const one = 2 * width(at) + width(at - 1);
  const other = width(at) + 2 * width(at - 1);
  return (one + other) / (one / before + other / after);
}

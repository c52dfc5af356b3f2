import type { Value } from "./value";

/** A box that is drawn on a picture, in its pixels, and what is to be seen there. */
export interface DrawnBox extends Sides {
  /** Its place in the list, which may hold things that are no boxes. */
  readonly at: number;
  readonly text: string;
  readonly desc: string;
  readonly isText: boolean;
  readonly palette: readonly string[];
}

export interface Sides {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is said of a box. */
export interface Words {
  readonly type?: "obj" | "text";
  readonly text?: string;
  readonly desc?: string;
  readonly palette?: readonly string[];
}

type Tree = Readonly<Record<string, Value>>;
const LEAST = 4;

const treeOf = (value: Value | undefined): Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Tree) : {};
const listOf = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : []);
const word = (value: Value | undefined): string => (typeof value === "string" ? value : "");
const within = (value: number, low: number, high: number): number =>
  Math.min(Math.max(low, high), Math.max(low, value));

/** The boxes that an input holds. */
export function boxesOf(value: Value | undefined): DrawnBox[] {
  return listOf(value).flatMap((one, at) => {
    const { x, y, width, height, metadata } = treeOf(one);
    if (![x, y, width, height].every((side) => typeof side === "number" && Number.isFinite(side))) return [];
    const said = treeOf(metadata);
    return {
      at,
      ...({ x, y, width, height } as unknown as Sides),
      text: word(said.text),
      desc: word(said.desc),
      isText: said.type === "text",
      palette: listOf(said.palette).filter((one): one is string => typeof one === "string"),
    };
  });
}

/** Whole pixels inside the picture. */
function fitted({ x, y, width, height }: Sides, size: Size): Sides {
  const wide = within(Math.round(width), LEAST, size.width);
  const high = within(Math.round(height), LEAST, size.height);
  return {
    x: within(Math.round(x), 0, size.width - wide),
    y: within(Math.round(y), 0, size.height - high),
    width: wide,
    height: high,
  };
}

/** The box between two corners. */
export const between = (x0: number, y0: number, x1: number, y1: number): Sides => ({
  x: Math.min(x0, x1),
  y: Math.min(y0, y1),
  width: Math.abs(x1 - x0),
  height: Math.abs(y1 - y0),
});

export const addBox = (value: Value | undefined, sides: Sides, size: Size): Value =>
  [
    ...listOf(value),
    { ...fitted(sides, size), metadata: { type: "obj", text: "", desc: "", palette: [] } },
  ] as Value;

const change = (value: Value | undefined, at: number, part: (one: Tree) => Tree): Value =>
  listOf(value).map((one, place) => (place === at ? part(treeOf(one)) : one)) as Value;

/** Move or size a box; it stays inside the picture. */
export const placeBox = (value: Value | undefined, at: number, sides: Sides, size: Size): Value =>
  change(value, at, (one) => ({ ...one, ...fitted(sides, size) }) as unknown as Tree);

/** Say what is to be seen in a box; whatever else it says stays. */
export const tellBox = (value: Value | undefined, at: number, words: Words): Value =>
  change(
    value,
    at,
    (one) => ({ ...one, metadata: { ...treeOf(one.metadata), ...words } }) as unknown as Tree,
  );

export const removeBox = (value: Value | undefined, at: number): Value =>
  listOf(value).filter((_, place) => place !== at) as Value;

/** Put a box before or behind its neighbour. */
export function shiftBox(value: Value | undefined, at: number, by: 1 | -1): Value {
  const list = [...listOf(value)];
  const other = at + by;
  const one = list[at];
  if (one === undefined || list[other] === undefined) return list as Value;
  list[at] = list[other] as Value;
  list[other] = one;
  return list as Value;
}

/** The colours that a text names. */
export const coloursIn = (words: string): string[] => words.match(/#[0-9a-f]{6}\b/gi) ?? [];

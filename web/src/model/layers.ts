import type { Value } from "./value";

/** A layer as it came to the node: where and how it is laid unless a person laid it otherwise. */
export interface CameLayer {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rotation: number;
  readonly name: string | null;
  readonly visible: boolean;
  readonly opacity: number;
  readonly blend: string;
  readonly flipH: boolean;
  readonly flipV: boolean;
}

/** One layer of an arrangement, as files hold it. */
export interface LaidLayer {
  readonly name: string | null;
  readonly visible: boolean;
  readonly opacity: number;
  readonly blend: string;
  readonly flipH: boolean;
  readonly flipV: boolean;
  readonly transform: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
    readonly rotation: number;
  };
}

export interface Arrangement {
  readonly version: 1;
  readonly canvas: { readonly w: number; readonly h: number };
  readonly layers: readonly LaidLayer[];
  /** From below up. */
  readonly order: readonly number[];
  /** What the layers were that it was made for. */
  readonly inputs: readonly string[];
}

/** What a run told of the layers. */
export interface Came {
  readonly layers: readonly CameLayer[];
  readonly inputs: readonly string[];
  readonly canvas: { readonly w: number; readonly h: number };
}

const tree = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
const alike = (one: unknown, other: readonly string[]): boolean =>
  Array.isArray(one) && one.length === other.length && one.every((mark, at) => mark === other[at]);

/** How the layers lie now: as the node holds it, if that was made for them, else as they came. */
export function arrangementOf(value: Value | undefined, came: Came): Arrangement {
  const told = tree(value);
  const fresh = freshFrom(came);
  if (!isFor(value, came)) return fresh;
  const layers = Array.isArray(told.layers) ? told.layers : [];
  const canvas = tree(told.canvas);
  const order = Array.isArray(told.order) ? told.order : fresh.order;
  return {
    ...(told as unknown as Arrangement),
    version: 1,
    canvas: { w: Number(canvas.w) || came.canvas.w, h: Number(canvas.h) || came.canvas.h },
    layers: fresh.layers.map((one, at) => {
      const laid = tree(layers[at]);
      return { ...one, ...laid, transform: { ...one.transform, ...tree(laid.transform) } };
    }),
    order: [...order].sort().join() === [...fresh.order].sort().join() ? order : fresh.order,
  };
}

/** Whether what a node holds was made for these layers. */
export const isFor = (value: Value | undefined, came: Came): boolean =>
  alike(tree(value).inputs, came.inputs);

const freshFrom = ({ layers, inputs, canvas }: Came): Arrangement => ({
  version: 1,
  canvas,
  layers: layers.map(({ x, y, width, height, rotation, ...look }) => ({
    ...look,
    transform: { x, y, w: width, h: height, rotation },
  })),
  order: layers.map((_, at) => at),
  inputs,
});

/** Change one layer. */
export const layWith = (
  before: Arrangement,
  at: number,
  part: Partial<Omit<LaidLayer, "transform">> & { transform?: Partial<LaidLayer["transform"]> },
): Arrangement => ({
  ...before,
  layers: before.layers.map((one, place) =>
    place === at ? { ...one, ...part, transform: { ...one.transform, ...part.transform } } : one,
  ),
});

/** Put a layer above or below its neighbour. */
export function shiftLayer(before: Arrangement, at: number, by: 1 | -1): Arrangement {
  const place = before.order.indexOf(at);
  const other = before.order[place + by];
  if (other === undefined) return before;
  const order = [...before.order];
  order[place] = other;
  order[place + by] = at;
  return { ...before, order };
}

export const written = (arrangement: Arrangement): Value => arrangement as unknown as Value;

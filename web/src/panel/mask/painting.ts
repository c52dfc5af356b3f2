import type { Region } from "../../model/mask";

export type Tool = "brush" | "erase" | "fill" | "box";

/** How the pointer and the keys paint. */
export interface Painting {
  readonly tool: Tool;
  readonly radius: number;
  readonly hardness: number;
  /** How many pixels edges are softened, and the mask grows and shrinks. */
  readonly edge: number;
  /** The box that keys move and size; there is none before it is asked for. */
  readonly region: Region | null;
}

export const TOOLS: readonly Tool[] = ["brush", "erase", "fill", "box"];
export const LARGEST = 400;
const COMMON = 24;

export const FIRST: Painting = { tool: "brush", radius: COMMON, hardness: 0.8, edge: 8, region: null };

/** A brush for pictures of any size: the common one, smaller on a picture that it would cover. */
export const brushFor = ({ naturalWidth: width, naturalHeight: height }: HTMLImageElement): number =>
  Math.max(1, Math.min(COMMON, Math.round(Math.min(width, height) / 12)));

import { create } from "zustand";
import type { Point } from "../model/edit";
import type { Glance } from "../server/told";

/** What is known of a tensor. */
export interface TensorFacts {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly mean?: number | string;
}

/** What went through a wire, in few words. */
export interface Facts extends Required<Pick<Glance, "kept" | "text" | "more" | "items" | "picture">> {
  readonly tensors: readonly TensorFacts[];
}

interface State {
  /** The wire that is looked at, and where. */
  readonly link: number | null;
  readonly screen: Point;
  /** What is known of it: nothing yet, that it never ran, or what it was. */
  readonly facts: Facts | "asking" | "unrun";
}

/** The wire under the pointer, and what went through it. */
export const useGlance = create<State>(() => ({ link: null, screen: { x: 0, y: 0 }, facts: "asking" }));

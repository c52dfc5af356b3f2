import { create } from "zustand";
import type { Point } from "../model/edit";

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
export interface Facts {
  readonly kept: boolean;
  readonly text: string;
  readonly tensors: readonly TensorFacts[];
  readonly more: number;
  readonly items: number | null;
  readonly picture: string | null;
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

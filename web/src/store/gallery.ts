import { create } from "zustand";
import type { Difference } from "../model/compare";
import type { Job } from "./job";

export const PAGE = 60;

interface State {
  /** What is searched for. */
  readonly words: string;
  readonly limit: number;
  /** What was found; null where nothing is searched for. */
  readonly found: readonly Job[] | null;
  /** How many runs there are in all. */
  readonly total: number;
  /** The runs that are compared: none, one, or two. */
  readonly pair: readonly Job[];
  /** In what the two differ; null until that is known. */
  readonly differences: readonly Difference[] | null;
}

/** The gallery: what of the earlier runs is shown, and which two of them are held against each other. */
export const useGallery = create<State>(() => ({
  words: "",
  limit: PAGE,
  found: null,
  total: 0,
  pair: [],
  differences: null,
}));

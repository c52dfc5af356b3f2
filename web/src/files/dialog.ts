import { create } from "zustand";
import type { Lacking } from "../server/told";

/** What a workflow needs and that is not here. */
export interface Missing {
  readonly types: readonly Lacking[];
  readonly models: readonly Lacking[];
}

interface State {
  /** Whether the list of workflows to open is shown. */
  readonly opening: boolean;
  /** What a document is to be called, while that is asked; `taken` when there is one of that name. */
  readonly naming: { readonly name: string; readonly taken: boolean } | null;
  /** The tab that is to be closed although it holds changes. */
  readonly closing: string | null;
  readonly missing: Missing | null;
}

/** What is asked about files. */
export const useFiles = create<State>(() => ({
  opening: false,
  naming: null,
  closing: null,
  missing: null,
}));

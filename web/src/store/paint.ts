import { create } from "zustand";

/** The node that is painted for and its tab; no node while nobody paints. */
export const usePaint = create<{ readonly node: string; readonly tab: string }>(() => ({
  node: "",
  tab: "",
}));

export const closePaint = (): void => usePaint.setState({ node: "" });

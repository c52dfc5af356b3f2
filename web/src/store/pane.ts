import { create } from "zustand";
import type { Box } from "../model/box";

/** The part of the graph that the canvas is given: what is in view and a good deal around it. */
export const usePane = create<{ box: Box; settled: number }>(() => ({
  box: { x: 0, y: 0, width: 0, height: 0 },
  settled: 0,
}));

/** Tell that the view has come to where it was sent: what it shows need not wait until the hand rests. */
export const settle = (): void => usePane.setState(({ settled }) => ({ settled: settled + 1 }));

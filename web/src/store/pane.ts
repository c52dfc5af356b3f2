import { create } from "zustand";
import type { Box } from "../model/box";

/** The part of the graph that the canvas is given: what is in view and a good deal around it. */
export const usePane = create<{ box: Box }>(() => ({ box: { x: 0, y: 0, width: 0, height: 0 } }));

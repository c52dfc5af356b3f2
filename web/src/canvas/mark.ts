import { create } from "zustand";
import type { Snap } from "../model/snap";

interface State {
  /** The wire that a dragged node would be put into. */
  readonly link: number | null;
  /** The lines that it snaps to. */
  readonly snap: Snap | null;
  /** Whether nodes are being dragged. */
  readonly moving: boolean;
}

/** What is shown while nodes are dragged. */
export const useMark = create<State>(() => ({ link: null, snap: null, moving: false }));

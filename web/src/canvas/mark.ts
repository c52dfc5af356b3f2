import { create } from "zustand";
import type { Snap } from "../model/snap";

/** The wire that a dragged node would be put into, and the lines that it snaps to. */
export const useMark = create<{ link: number | null; snap: Snap | null }>(() => ({ link: null, snap: null }));

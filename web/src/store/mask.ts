import { create } from "zustand";
import type { Picture } from "./run";

interface State {
  readonly picture: Picture | null;
  readonly node: string;
  readonly tab: string;
}

/** The picture whose mask is painted, the node that it is for, and the tab of that. */
export const useMask = create<State>(() => ({ picture: null, node: "", tab: "" }));

export const closeMask = (): void => useMask.setState({ picture: null });

import { create } from "zustand";
import type { Picture } from "./run";

/** The picture whose mask is painted, and the node that it is for. */
export const useMask = create<{ picture: Picture | null; node: string }>(() => ({ picture: null, node: "" }));

export const closeMask = (): void => useMask.setState({ picture: null });

import { create } from "zustand";
import type { Hanging } from "../model/hang";

/** The wire that is being drawn. */
export const useWire = create<{ wire: Hanging | null }>(() => ({ wire: null }));

export const draw = (wire: Hanging | null): void => useWire.setState({ wire });

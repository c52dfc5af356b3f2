import { create } from "zustand";
import { FRONTEND } from "../model/frontend";
import { type Catalogue, type NodeInfo, readCatalogue, type Spec } from "../model/spec";

interface State {
  readonly specs: Catalogue;
  readonly ready: boolean;
}

/** The node types that there are. */
export const useCatalogue = create<State>(() => ({ specs: FRONTEND, ready: false }));

export const fill = (infos: Record<string, NodeInfo>): void =>
  useCatalogue.setState({ specs: { ...readCatalogue(infos), ...FRONTEND }, ready: true });

export const specs = (): Catalogue => useCatalogue.getState().specs;
export const useSpec = (type: string): Spec | undefined => useCatalogue((state) => state.specs[type]);

import { create } from "zustand";
import type { Document } from "../model/document";
import { FRONTEND } from "../model/frontend";
import { subgraphSpecs } from "../model/instance";
import { type Catalogue, type NodeInfo, readCatalogue, type Spec } from "../model/spec";
import { current, useDocument } from "./document";

interface State {
  readonly specs: Catalogue;
  readonly ready: boolean;
}

/** The node types that there are. */
export const useCatalogue = create<State>(() => ({ specs: FRONTEND, ready: false }));

let base: Catalogue = FRONTEND;

export function fill(infos: Record<string, NodeInfo>): void {
  base = { ...readCatalogue(infos), ...FRONTEND };
  useCatalogue.setState({ specs: withSubgraphs(current().subgraphs), ready: true });
}

/** The subgraphs of the open document are node types as well. */
const withSubgraphs = (subgraphs: Document["subgraphs"]): Catalogue =>
  Object.keys(subgraphs).length > 0 ? { ...base, ...subgraphSpecs(subgraphs, base) } : base;

useDocument.subscribe((now, before) => {
  const { subgraphs } = now.history.document;
  if (subgraphs !== before.history.document.subgraphs)
    useCatalogue.setState({ specs: withSubgraphs(subgraphs) });
});

export const specs = (): Catalogue => useCatalogue.getState().specs;
export const useSpec = (type: string): Spec | undefined => useCatalogue((state) => state.specs[type]);

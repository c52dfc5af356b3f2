import { useMemo } from "react";
import { useCatalogue } from "../store/catalogue";
import { useDocument } from "../store/document";
import { usePane } from "../store/pane";
import { useSelection } from "../store/selection";
import { FlowEdges } from "./edges";
import type { FlowEdge, FlowNode } from "./flow";
import { FlowNodes } from "./nodes";

const NO_NODES: FlowNode[] = [];
const NO_EDGES: FlowEdge[] = [];

/** The nodes and wires that the canvas is given: none where all are drawn as boxes. */
export function useShown(far: boolean) {
  const document = useDocument((state) => state.history.document);
  const catalogue = useCatalogue((state) => state.specs);
  const chosen = useSelection();
  const pane = usePane((state) => state.box);
  const makeNodes = useMemo(() => new FlowNodes(), []);
  const makeEdges = useMemo(() => new FlowEdges(), []);
  if (far) return { nodes: NO_NODES, edges: NO_EDGES };
  const edges = makeEdges.of(document, catalogue, chosen.links, pane);
  return {
    nodes: makeNodes.of(document, catalogue, chosen.nodes, chosen.frames, pane, makeEdges.ends),
    edges,
  };
}

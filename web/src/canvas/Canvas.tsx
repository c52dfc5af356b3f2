import {
  type Connection,
  ConnectionMode,
  type EdgeChange,
  type FinalConnectionState,
  type NodeChange,
  type OnConnectStartParams,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import { useCallback, useMemo, useRef, useState } from "react";
import { nodeAt } from "../model/geometry";
import { bestSocket, land, pull, socketOf } from "../model/hang";
import { cut } from "../model/wire";
import { NodeView } from "../node/NodeView";
import { beginGlance, endGlance } from "../run/glance";
import { specs, useCatalogue } from "../store/catalogue";
import { apply, current, useDocument } from "../store/document";
import { tell } from "../store/notice";
import { usePane } from "../store/pane";
import { choose, chooseLink, selectNothing, useSelection } from "../store/selection";
import { show, useView } from "../store/view";
import { draw, useWire } from "../store/wire";
import { text } from "../text";
import { refused } from "../text/refused";
import { useDropping } from "./drop";
import { FarSwitch } from "./FarSwitch";
import { FrameView } from "./FrameView";
import { FarCanvas } from "./far/FarCanvas";
import { useFarPointer } from "./far/pointer";
import { type FlowEdge, FlowEdges, type FlowNode, FlowNodes, frameOf, isFrame } from "./flow";
import { useHeld } from "./held";
import { Guide, useMoving } from "./moving";
import { PanLayer } from "./PanLayer";
import { Stroke, useStroke } from "./stroke";
import { DrawnWire, WireView } from "./WireView";

/** A wire tells what went through it while the pointer rests on it. */
const GLANCE = {
  onEdgeMouseEnter: (event: React.MouseEvent, edge: FlowEdge) => {
    if (event.buttons === 0) beginGlance(Number(edge.id), { x: event.clientX, y: event.clientY });
  },
  onEdgeMouseLeave: endGlance,
};
const NODE_TYPES = { node: NodeView, frame: FrameView };
const EDGE_TYPES = { wire: WireView };
const MANY = ["Shift", "Control", "Meta"];
const NO_NODES: FlowNode[] = [];
const NO_EDGES: FlowEdge[] = [];
const PAN_WITH = [0, 1];
const PAN_BESIDE_BOX = [1];

/** The graph, as it is drawn and handled. */
export function Canvas() {
  const far = useView((state) => state.far);
  const { nodes, edges } = useFlow(far);
  const moving = useMoving();
  const wires = useWires();
  const menu = useMenu();
  const drop = useDropping();
  const stroke = useStroke();
  const farPointer = useFarPointer();
  const [overPane, setOverPane] = useState(true);
  const boxing = useHeld() && overPane;
  const flow = useReactFlow();
  const doubleClick = (event: React.MouseEvent) => {
    if (!isPane(event.target)) return;
    const screen = { x: event.clientX, y: event.clientY };
    show({ adding: { screen, place: flow.screenToFlowPosition(screen), wire: null } });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: every gesture here has a command with a key
    <div
      className="canvas"
      data-far={far ? "" : undefined}
      onDoubleClick={doubleClick}
      // With Shift or Ctrl a drag chooses what is in a box, but only where it begins on nothing.
      onPointerOver={(event) => setOverPane(isPane(event.target))}
      {...drop}
      {...stroke}
      {...farPointer}
    >
      <ReactFlow<FlowNode, FlowEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onlyRenderVisibleElements
        minZoom={0.04}
        maxZoom={4}
        panOnDrag={boxing ? PAN_BESIDE_BOX : PAN_WITH}
        selectionKeyCode={null}
        selectionOnDrag={boxing}
        multiSelectionKeyCode={MANY}
        panActivationKeyCode="Space"
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        disableKeyboardA11y
        edgesFocusable={false}
        elevateNodesOnSelect
        connectionMode={ConnectionMode.Loose}
        connectionRadius={22}
        connectionLineComponent={DrawnWire}
        nodeDragThreshold={0}
        aria-label={text.canvas.label}
        {...moving}
        {...wires}
        {...menu}
        {...GLANCE}
      >
        <FarSwitch />
        <PanLayer />
        <FarCanvas />
        <Guide />
      </ReactFlow>
      <Stroke />
    </div>
  );
}

/** The input whose widget was pressed. */
const inputAt = (target: EventTarget): string | undefined =>
  (target as Element).closest<HTMLElement>("[data-input]")?.dataset.input;

/** The empty canvas; nodes are within its element. */
const isPane = (target: EventTarget): boolean => (target as Element).classList.contains("react-flow__pane");

function useFlow(far: boolean) {
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

/** Choosing, by click and by box. */
export function noteChoice(
  changes: readonly (NodeChange<FlowNode> | EdgeChange<FlowEdge>)[],
  edges: boolean,
): void {
  for (const change of changes) {
    if (change.type !== "select") continue;
    if (edges) chooseLink(Number(change.id), change.selected);
    else if (isFrame(change.id)) choose("frames", frameOf(change.id), change.selected);
    else choose("nodes", change.id, change.selected);
  }
}

/** Drawing wires. */
function useWires() {
  const flow = useReactFlow();
  const begun = useRef(false);
  const start = useCallback((event: MouseEvent | TouchEvent, { nodeId, handleId }: OnConnectStartParams) => {
    if (!nodeId || !handleId) return;
    const all = "ctrlKey" in event && (event.ctrlKey || event.metaKey);
    begun.current = true;
    draw(pull(current(), socketOf(nodeId, handleId), specs(), all));
  }, []);
  const end = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const wire = useWire.getState().wire;
      draw(null);
      begun.current = false;
      if (!wire) return;
      const pointer = "changedTouches" in event ? event.changedTouches[0] : event;
      if (!pointer) return;
      const screen = { x: pointer.clientX, y: pointer.clientY };
      const place = flow.screenToFlowPosition(screen);
      const over = state.toHandle && state.toNode ? socketOf(state.toNode.id, state.toHandle.id ?? "") : null;
      const node = over ? null : nodeAt(current(), place, specs());
      const at = over ?? (node === null ? null : bestSocket(current(), wire, node, specs()));
      if (at) settle(wire, at);
      else if (node !== null) return;
      else if (wire.picked) apply(text.edit.cut, cut([wire.picked.id]));
      else if (!wire.all) show({ adding: { screen, place, wire } });
    },
    [flow],
  );
  const clicked = useCallback((connection: Connection) => {
    // A wire that is dragged is laid where it ends; only one that is clicked together is laid here.
    if (begun.current || !connection.sourceHandle || !connection.targetHandle) return;
    const wire = pull(current(), socketOf(connection.source, connection.sourceHandle), specs(), false);
    if (wire) settle(wire, socketOf(connection.target, connection.targetHandle));
  }, []);
  const valid = useCallback((connection: Connection | FlowEdge) => {
    const wire = useWire.getState().wire;
    if (!wire) return true;
    const ends = [
      socketOf(connection.source, connection.sourceHandle ?? ""),
      socketOf(connection.target, connection.targetHandle ?? ""),
    ];
    const other = ends.find(
      (one) => one.node !== wire.node || one.socket !== wire.socket || one.output !== wire.output,
    );
    return other !== undefined && typeof land(current(), wire, other, specs()) === "function";
  }, []);
  return { onConnectStart: start, onConnectEnd: end, onConnect: clicked, isValidConnection: valid };
}

function settle(wire: Parameters<typeof land>[1], at: Parameters<typeof land>[2]): void {
  const landing = land(current(), wire, at, specs());
  if (typeof landing === "function") apply(wire.all ? text.edit.moveWires : text.edit.connect, landing);
  else if (landing) tell(refused(landing), "problem");
}

/** Menus on the right button. */
function useMenu() {
  const flow = useReactFlow();
  return useMemo(() => {
    const at = (event: React.MouseEvent | MouseEvent) => {
      event.preventDefault();
      const screen = { x: event.clientX, y: event.clientY };
      return { screen, place: flow.screenToFlowPosition(screen) };
    };
    return {
      onPaneContextMenu: (event: React.MouseEvent | MouseEvent) =>
        show({ menu: { ...at(event), target: { kind: "canvas" } } }),
      onNodeContextMenu: (event: React.MouseEvent, node: FlowNode) => {
        if ((event.target as Element).closest("input, textarea")) return;
        const target = isFrame(node.id)
          ? ({ kind: "frame", id: frameOf(node.id) } as const)
          : ({ kind: "node", id: node.id, input: inputAt(event.target) } as const);
        const { nodes, frames } = useSelection.getState();
        if (!(target.kind === "frame" ? frames : nodes).has(target.id)) {
          selectNothing();
          choose(target.kind === "frame" ? "frames" : "nodes", target.id, true);
        }
        show({ menu: { ...at(event), target } });
      },
      onSelectionContextMenu: (event: React.MouseEvent) => {
        const [id] = useSelection.getState().nodes;
        if (id) show({ menu: { ...at(event), target: { kind: "node", id } } });
      },
      onEdgeContextMenu: (event: React.MouseEvent, edge: FlowEdge) =>
        show({ menu: { ...at(event), target: { kind: "link", id: Number(edge.id) } } }),
      onMoveStart: () => {
        endGlance();
        if (useView.getState().menu) show({ menu: null });
      },
    };
  }, [flow]);
}

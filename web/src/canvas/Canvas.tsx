import { ConnectionMode, ReactFlow, useReactFlow } from "@xyflow/react";
import { useState } from "react";
import { NodeView } from "../node/NodeView";
import { beginGlance, endGlance } from "../run/glance";
import { dropPoints } from "../store/selection";
import { show, useView } from "../store/view";
import { text } from "../text";
import { FARTHEST, NEAREST } from "./camera";
import { clickNode } from "./choice";
import { useDropping } from "./drop";
import { FarSwitch } from "./FarSwitch";
import { FrameView } from "./FrameView";
import { FarCanvas } from "./far/FarCanvas";
import { useFarPointer } from "./far/pointer";
import type { FlowEdge, FlowNode } from "./flow";
import { Guide } from "./Guide";
import { useHeld } from "./held";
import { useMenu } from "./menu";
import { useMoving } from "./moving";
import { PanLayer } from "./PanLayer";
import { Pinch } from "./Pinch";
import { useShown } from "./shown";
import { StrokeView, useStroke } from "./stroke";
import { DrawnWire, WireView } from "./WireView";
import { useWiring } from "./wiring";

const NODE_TYPES = { node: NodeView, frame: FrameView };
const EDGE_TYPES = { wire: WireView };
const MANY = ["Shift", "Control", "Meta"];
const PAN_WITH = [0, 1];
const PAN_BESIDE_BOX = [1];

/** A wire tells what went through it while the pointer rests on it. */
const GLANCE = {
  onEdgeMouseEnter: (event: React.MouseEvent, edge: FlowEdge) => {
    if (event.buttons === 0) beginGlance(Number(edge.id), { x: event.clientX, y: event.clientY });
  },
  onEdgeMouseLeave: endGlance,
};

/** The graph, as it is drawn and handled. */
export function Canvas() {
  const far = useView((state) => state.far);
  const { nodes, edges } = useShown(far);
  const moving = useMoving();
  const wires = useWiring();
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
        minZoom={FARTHEST}
        maxZoom={NEAREST}
        panOnDrag={boxing ? PAN_BESIDE_BOX : PAN_WITH}
        selectionKeyCode={null}
        selectionOnDrag={boxing}
        multiSelectionKeyCode={MANY}
        panActivationKeyCode="Space"
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        disableKeyboardA11y
        nodesFocusable={false}
        edgesFocusable={false}
        onPaneClick={dropPoints}
        onNodeClick={clickNode}
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
        <Pinch />
      </ReactFlow>
      <StrokeView />
    </div>
  );
}

/** The empty canvas; nodes are within its element. */
const isPane = (target: EventTarget): boolean => (target as Element).classList.contains("react-flow__pane");

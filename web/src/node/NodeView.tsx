import { type NodeProps, NodeResizeControl, ResizeControlVariant } from "@xyflow/react";
import { memo, useState } from "react";
import { tintOf } from "../canvas/color";
import type { FlowNode } from "../canvas/flow";
import { enter } from "../command/place";
import type { GraphNode } from "../model/document";
import { resize, toggleAdvanced } from "../model/edit";
import { isBorder } from "../model/focus";
import { isNote } from "../model/frontend";
import { HEADER, ROW, type Shape, shapeOf, showsAdvanced } from "../model/shape";
import type { Spec } from "../model/spec";
import { useSpec } from "../store/catalogue";
import { apply, useNode } from "../store/document";
import { useRun } from "../store/run";
import { text } from "../text";
import { WidgetRow } from "../widget/WidgetRow";
import { BorderView } from "./BorderView";
import { Header } from "./Header";
import { NoteBody } from "./NoteBody";
import { PictureArea } from "./PictureArea";
import { Said } from "./Said";
import { Dot, SocketLabel } from "./Sockets";
import { Below } from "./State";
import { stateOf } from "./state";

/** A node: title bar, sockets, widgets, and what it shows. */
export const NodeView = memo(function NodeView({ id, selected }: NodeProps<FlowNode>) {
  const node = useNode(id);
  const spec = useSpec(node?.type ?? "");
  const run = useRun((state) => state.nodes[id]);
  // The corner brings listeners of its own and is seldom wanted: it comes with the pointer.
  const [visited, setVisited] = useState(false);
  if (!node) return null;
  const shape = shapeOf(node, spec);
  if (isBorder(node)) return <BorderView node={node} shape={shape} selected={selected} />;
  const title = node.title || spec?.title || node.type;
  return (
    <article
      className="node"
      onPointerEnter={visited ? undefined : () => setVisited(true)}
      onDoubleClick={spec?.inner ? (event) => isGround(event.target) && enter(id) : undefined}
      data-subgraph={spec?.inner ? "" : undefined}
      style={{ height: shape.height, ...(node.color ? { "--node-color": tintOf(node.color) } : {}) }}
      data-phase={run?.phase}
      data-mode={node.mode}
      data-tinted={node.color ? "" : undefined}
      data-unknown={spec ? undefined : ""}
      data-selected={selected ? "" : undefined}
      data-collapsed={node.collapsed ? "" : undefined}
      aria-label={text.node.aria(title, id, stateOf(run))}
    >
      <Header node={node} title={title} spec={spec} />
      <Sockets node={node} shape={shape} />
      {!node.collapsed && <Body node={node} spec={spec} shape={shape} />}
      <Below id={id} words={!shape.words && !node.collapsed && !spec?.inner} />
      {(visited || selected) && !node.collapsed && !node.pinned && <Corner node={node} shape={shape} />}
    </article>
  );
});

/** Where a node shows nothing that is handled by itself. */
const isGround = (target: EventTarget): boolean =>
  !(target as Element).closest(".widget, .node-title, button, input, textarea, .dot");

function Sockets({ node, shape }: { node: GraphNode; shape: Shape }) {
  const rows = node.collapsed ? [...shape.sockets, ...shape.widgets] : shape.sockets;
  return (
    <>
      {rows.map((row) => (
        <Dot
          key={row.spec.name}
          node={node.id}
          socket={row.spec.name}
          output={false}
          type={row.spec.type}
          y={node.collapsed ? HEADER / 2 : row.y}
        />
      ))}
      {shape.outputs.map((row) => (
        <Dot
          key={row.slot}
          node={node.id}
          socket={String(row.slot)}
          output
          type={row.spec.type}
          y={row.y}
          list={row.spec.list}
        />
      ))}
    </>
  );
}

function Body({ node, spec, shape }: { node: GraphNode; spec: Spec | undefined; shape: Shape }) {
  return (
    <>
      {shape.sockets.map((row) => (
        <SocketLabel
          key={row.spec.name}
          y={row.y}
          name={row.spec.label ?? row.spec.name}
          tip={row.spec.tip}
          type={row.spec.type}
          optional={!row.spec.required}
        />
      ))}
      {shape.outputs.map((row) => (
        <SocketLabel
          key={row.slot}
          y={row.y}
          name={row.spec.name}
          tip={row.spec.tip}
          type={row.spec.type}
          output
        />
      ))}
      {isNote(node.type) ? (
        <NoteBody node={node} />
      ) : (
        shape.widgets.map((row) => (
          <WidgetRow key={row.spec.name} node={node} spec={row.spec} y={row.y} height={row.height} />
        ))
      )}
      {shape.more !== null && <More node={node} shape={shape} y={shape.more} />}
      {shape.picture && <PictureArea id={node.id} y={shape.picture.y} height={shape.picture.height} />}
      {shape.words && !spec?.inner && <Said id={node.id} place={shape.words} />}
      {!spec && (
        <p className="node-unknown" style={{ top: HEADER + 6 }}>
          {text.node.unknown}
        </p>
      )}
    </>
  );
}

function More({ node, shape, y }: { node: GraphNode; shape: Shape; y: number }) {
  return (
    <button
      type="button"
      className="node-more nodrag"
      style={{ top: y, height: ROW }}
      aria-expanded={showsAdvanced(node)}
      onClick={() => apply(text.edit.advanced, toggleAdvanced(node.id))}
    >
      {text.node.more(showsAdvanced(node) ? 0 : shape.hidden)}
    </button>
  );
}

function Corner({ node, shape }: { node: GraphNode; shape: Shape }) {
  return (
    <NodeResizeControl
      className="node-corner nodrag"
      position="bottom-right"
      variant={ResizeControlVariant.Handle}
      minWidth={shape.minWidth}
      minHeight={shape.minHeight}
      onResize={(_, to) =>
        apply(
          text.edit.resize,
          resize(node.id, to.x, to.y, to.width, to.height),
          `!resize ${node.id} ${gesture}`,
        )
      }
      onResizeEnd={() => {
        gesture += 1;
      }}
    />
  );
}

let gesture = 0;

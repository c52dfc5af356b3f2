import type { ConnectionLineComponentProps, EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { useShallow } from "zustand/react/shallow";
import type { Document, RoutePoint } from "../model/document";
import { curve, spanOf } from "../model/geometry";
import { wayOf } from "../model/route";
import { specs } from "../store/catalogue";
import { current, useDocument } from "../store/document";
import { useRun } from "../store/run";
import { useWire } from "../store/wire";
import { typeColor } from "./color";
import type { FlowEdge } from "./flow";
import { useMark } from "./mark";
import { PointView } from "./PointView";

const NO_WAY: readonly RoutePoint[] = [];
const wayAt = (document: Document, id: number): readonly RoutePoint[] => {
  const link = document.links[id];
  return link?.via === undefined ? NO_WAY : wayOf(document, link);
};

/** A wire, in the colour of what goes through it. */
export const WireView = memo(function WireView({
  id,
  source,
  sourceX,
  sourceY,
  targetX,
  targetY,
  data,
  selected,
}: EdgeProps<FlowEdge>) {
  const picked = useWire((state) => state.wire?.picked?.id === Number(id));
  const marked = useMark((state) => state.link === Number(id));
  const running = useRun((state) => state.nodes[source]?.phase === "running");
  const way = useDocument(useShallow(({ history: { document } }) => wayAt(document, Number(id))));
  if (picked) return null;
  const type = data?.type ?? "*";
  const path = curve({
    a: { x: sourceX, y: sourceY },
    b: { x: targetX, y: targetY },
    ...(way.length > 0 ? { via: way } : {}),
  });
  return (
    <g
      className="wire"
      data-selected={selected ? "" : undefined}
      data-marked={marked ? "" : undefined}
      data-running={running ? "" : undefined}
      style={{ color: typeColor(type) }}
    >
      <path className="wire-line" d={path} fill="none" />
      <path className="wire-touch react-flow__edge-interaction" d={path} fill="none" />
      {way.map((point) => (
        <PointView key={point.id} point={point} />
      ))}
    </g>
  );
});

/** The wire that is being drawn; one that was picked up still hangs on its output. */
export function DrawnWire({ fromX, fromY, toX, toY }: ConnectionLineComponentProps) {
  const wire = useWire((state) => state.wire);
  const pointer = { x: toX, y: toY };
  const held = { x: fromX, y: fromY };
  const span = wire?.picked ? spanOf(current(), wire.picked, specs()) : null;
  const path = span
    ? curve({ a: span.a, b: pointer })
    : wire?.output === false
      ? curve({ a: pointer, b: held })
      : curve({ a: held, b: pointer });
  return (
    <g className="wire" data-drawn="" style={{ color: typeColor(wire?.type ?? "*") }}>
      <path className="wire-line" d={path} fill="none" />
      <circle cx={toX} cy={toY} r={4} fill="currentColor" />
    </g>
  );
}

import type { ConnectionLineComponentProps, EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { useShallow } from "zustand/react/shallow";
import { type Document, linksFrom, type RoutePoint } from "../model/document";
import type { Point } from "../model/edit";
import { curve, type Span, spanOf } from "../model/geometry";
import { type Hanging, handleOf } from "../model/hang";
import { wayOf } from "../model/route";
import { specs } from "../store/catalogue";
import { current, useDocument } from "../store/document";
import { useRun } from "../store/run";
import { useSelection } from "../store/selection";
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
  sourceHandleId,
  target,
  sourceX,
  sourceY,
  targetX,
  targetY,
  data,
  selected,
}: EdgeProps<FlowEdge>) {
  const held = useWire(
    ({ wire }) =>
      wire !== null &&
      (wire.picked?.id === Number(id) ||
        (wire.all && wire.node === source && handleOf(wire) === sourceHandleId)),
  );
  const near = useSelection(({ nodes }) => nodes.has(source) || nodes.has(target));
  const marked = useMark((state) => state.link === Number(id));
  const running = useRun((state) => state.nodes[source]?.phase === "running");
  const way = useDocument(useShallow(({ history: { document } }) => wayAt(document, Number(id))));
  if (held) return null;
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
      data-near={near ? "" : undefined}
      data-marked={marked ? "" : undefined}
      data-running={running ? "" : undefined}
      style={{ color: typeColor(type) }}
    >
      {selected && <path className="wire-halo" d={path} fill="none" />}
      <path className="wire-line" d={path} fill="none" />
      <path className="wire-touch react-flow__edge-interaction" d={path} fill="none" />
      {way.map((point) => (
        <PointView key={point.id} point={point} />
      ))}
    </g>
  );
});

/** The wire that is being drawn; one that was picked up still hangs on its output, all of an output on their inputs. */
export function DrawnWire({ fromX, fromY, toX, toY }: ConnectionLineComponentProps) {
  const wire = useWire((state) => state.wire);
  const pointer = { x: toX, y: toY };
  const paths = drawnSpans(wire, { x: fromX, y: fromY }, pointer).map(curve);
  return (
    <g className="wire" data-drawn="" style={{ color: typeColor(wire?.type ?? "*") }}>
      {paths.map((path) => (
        <path key={path} className="wire-line" d={path} fill="none" />
      ))}
      <circle cx={toX} cy={toY} r={4} fill="currentColor" />
    </g>
  );
}

/** The ways of what is in the air, one end of which follows the pointer. */
function drawnSpans(wire: Hanging | null, held: Point, pointer: Point): Span[] {
  if (wire?.all) {
    const slot = Number(wire.socket);
    const spans = linksFrom(current(), wire.node)
      .filter((link) => link.slot === slot)
      .flatMap((link) => spanOf(current(), link, specs()) ?? []);
    return spans.length > 0 ? spans.map((span) => ({ ...span, a: pointer })) : [{ a: held, b: pointer }];
  }
  const picked = wire?.picked ? spanOf(current(), wire.picked, specs()) : null;
  if (picked) return [{ a: picked.a, b: pointer }];
  return [wire?.output === false ? { a: pointer, b: held } : { a: held, b: pointer }];
}

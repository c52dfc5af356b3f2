import { ViewportPortal } from "@xyflow/react";
import { curve, spanOf } from "../model/geometry";
import { specs } from "../store/catalogue";
import { current } from "../store/document";
import { useMark } from "./mark";

/** What a moved node is about to do: the lines that it snaps to, and the wire that it would be put into. */
export function Guide() {
  const snap = useMark((state) => state.snap);
  const link = useMark((state) => state.link);
  if (!snap && link === null) return null;
  return (
    <ViewportPortal>
      {snap && snap.x !== null && (
        <i className="guide" style={{ left: snap.x, top: snap.span.y, height: snap.span.height, width: 1 }} />
      )}
      {snap && snap.y !== null && (
        <i className="guide" style={{ top: snap.y, left: snap.span.x, width: snap.span.width, height: 1 }} />
      )}
      {link !== null && <Wire id={link} />}
    </ViewportPortal>
  );
}

/** A wire with its ends, drawn over the node that lies on it. */
function Wire({ id }: { id: number }) {
  const link = current().links[id];
  const span = link && spanOf(current(), link, specs());
  if (!span) return null;
  return (
    <svg className="guide-wire" aria-hidden="true">
      <path d={curve(span)} />
      <circle cx={span.a.x} cy={span.a.y} r={8} />
      <circle cx={span.b.x} cy={span.b.y} r={8} />
    </svg>
  );
}

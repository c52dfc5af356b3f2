import { ViewportPortal } from "@xyflow/react";
import { useMark } from "./mark";

/** The lines that a moved node snaps to. */
export function Guide() {
  const found = useMark((state) => state.snap);
  if (!found) return null;
  return (
    <ViewportPortal>
      {found.x !== null && (
        <i
          className="guide"
          style={{ left: found.x, top: found.span.y, height: found.span.height, width: 1 }}
        />
      )}
      {found.y !== null && (
        <i
          className="guide"
          style={{ top: found.y, left: found.span.x, width: found.span.width, height: 1 }}
        />
      )}
    </ViewportPortal>
  );
}

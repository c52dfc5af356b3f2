import { useEffect, useState } from "react";
import type { Point } from "../model/edit";
import { useWire } from "../store/wire";

const AWAY = 14;

interface Refusal extends Point {
  readonly reason: string;
}

/** Why a wire that is being drawn cannot end where the pointer is; browsers show no titles while a button is held. */
export function RefusalCard() {
  const drawing = useWire((state) => state.wire !== null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  useEffect(() => {
    if (!drawing) return;
    const look = ({ clientX: x, clientY: y }: PointerEvent) => {
      const dot = document.elementFromPoint(x, y)?.closest('.dot[data-verdict="no"]');
      setRefusal(dot ? { x, y, reason: dot.getAttribute("title") ?? "" } : null);
    };
    addEventListener("pointermove", look);
    return () => {
      removeEventListener("pointermove", look);
      setRefusal(null);
    };
  }, [drawing]);
  if (!refusal) return null;
  return (
    <div className="wire-card" role="tooltip" style={{ left: refusal.x + AWAY, top: refusal.y + AWAY }}>
      {refusal.reason}
    </div>
  );
}

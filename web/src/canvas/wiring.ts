import {
  type Connection,
  type FinalConnectionState,
  type OnConnectStartParams,
  useReactFlow,
} from "@xyflow/react";
import { useCallback, useRef } from "react";
import { nodeAt } from "../model/geometry";
import { bestSocket, land, pull, socketOf } from "../model/hang";
import { cut } from "../model/wire";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { tell } from "../store/notice";
import { show } from "../store/view";
import { draw, useWire } from "../store/wire";
import { text } from "../text";
import { refused } from "../text/refused";
import type { FlowEdge } from "./flow";

/** Drawing wires. */
export function useWiring() {
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

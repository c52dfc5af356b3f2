import type { EdgeChange, NodeChange, OnNodeDrag } from "@xyflow/react";
import { useCallback, useRef } from "react";
import { boxOf } from "../model/box";
import { type Document, type Link, linksFrom, linksTo } from "../model/document";
import { type Edit, moveTo, type Point } from "../model/edit";
import { carried, changeFrame } from "../model/frame";
import { inside, wireThrough } from "../model/geometry";
import { makeRoom } from "../model/room";
import { movePoint } from "../model/route";
import { HEADER } from "../model/shape";
import { snap } from "../model/snap";
import { insert } from "../model/wire";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { text } from "../text";
import { noteChoice } from "./choice";
import { type FlowEdge, type FlowNode, frameOf, isFrame } from "./flow";
import { useMark } from "./mark";
import { leaveCopy, settleCopy, type Twins } from "./twin";

interface Drag {
  readonly key: string;
  readonly start: Document;
  /** Nodes of which a copy stays behind, once they have moved. */
  readonly copied: readonly string[];
  twins: Twins;
  moved: boolean;
  /** Nodes that a frame carries along. */
  readonly carried: ReadonlyMap<string, readonly string[]>;
}

let gestures = 0;

/** Moving nodes and frames: one step to undo for each drag. */
export function useMoving() {
  const drag = useRef<Drag | null>(null);
  const start = useCallback<OnNodeDrag<FlowNode>>((event, _, nodes) => {
    gestures += 1;
    const key = `!move ${gestures}`;
    const document = current();
    const frames = nodes.filter((one) => isFrame(one.id)).map((one) => frameOf(one.id));
    drag.current = {
      key,
      start: document,
      copied: event.altKey ? nodes.filter((one) => !isFrame(one.id)).map((one) => one.id) : [],
      twins: new Map(),
      moved: false,
      carried: new Map(frames.map((id) => [id, carried(document, document.frames[id] as never, specs())])),
    };
  }, []);
  const change = useCallback((changes: NodeChange<FlowNode>[]) => {
    noteChoice(changes, false);
    const moves = changes.filter((one) => one.type === "position");
    const now = drag.current;
    if (
      !now ||
      (!now.moved && !moves.some((one) => one.position && elsewhere(now.start, one.id, one.position)))
    )
      return;
    if (!now.moved) now.twins = leaveCopy(now.copied, now.key);
    if (!now.moved) useMark.setState({ moving: true });
    now.moved = true;
    move(now, moves);
  }, []);
  const dragging = useCallback<OnNodeDrag<FlowNode>>((_, __, nodes) => {
    const [only] = nodes;
    useMark.setState({
      link: nodes.length === 1 && only && !isFrame(only.id) ? (target(only.id)?.id ?? null) : null,
    });
  }, []);
  const stop = useCallback<OnNodeDrag<FlowNode>>((_, __, nodes) => {
    const was = drag.current;
    drag.current = null;
    useMark.setState({ link: null, snap: null, moving: false });
    const [only] = nodes;
    const link = was?.moved && nodes.length === 1 && only && !isFrame(only.id) ? target(only.id) : null;
    if (!was) return;
    settleCopy(was.twins, was.key);
    const put = was.twins.get(only?.id ?? "") ?? only?.id;
    if (link && put) apply(text.edit.insert, insertWithRoom(put, link), was.key);
  }, []);
  const edges = useCallback((changes: EdgeChange<FlowEdge>[]) => noteChoice(changes, true), []);
  return {
    onNodesChange: change,
    onEdgesChange: edges,
    onNodeDragStart: start,
    onNodeDrag: dragging,
    onNodeDragStop: stop,
  };
}

/** Whether a place is another than that where something stood; a press without a movement is no drag. */
function elsewhere(document: Document, id: string, to: Point): boolean {
  const frame = isFrame(id) ? document.frames[frameOf(id)] : undefined;
  const node = document.nodes[id];
  const was = frame ?? (node && { x: node.x, y: node.y - HEADER });
  return was !== undefined && Math.hypot(was.x - to.x, was.y - to.y) >= 0.5;
}

/** Put a node into a wire, and what is to the right of it further on where there is no room. */
const insertWithRoom =
  (id: string, link: Link): Edit =>
  (document) =>
    makeRoom(id, link, specs())(insert(id, link, specs())(document));

/** The wire that a node without wires lies on, when it fits into it. */
function target(id: string) {
  const document = current();
  const node = document.nodes[id];
  if (!node || linksTo(document, id).length > 0 || linksFrom(document, id).length > 0) return null;
  const box = boxOf(node, specs()[node.type]);
  const link = wireThrough(document, { ...box, height: Math.min(box.height, 60) }, specs(), id);
  return link && insert(id, link, specs())(document) !== document ? link : null;
}

type Move = Extract<NodeChange<FlowNode>, { type: "position" }>;

function move(drag: Drag, moves: readonly Move[]): void {
  const places = new Map<string, Point>();
  const frames = new Map<string, Point>();
  for (const { id, position } of moves) {
    if (!position) continue;
    if (isFrame(id)) frames.set(frameOf(id), position);
    else places.set(id, { x: Math.round(position.x), y: Math.round(position.y) + HEADER });
  }
  alignOne(drag, places);
  for (const [id, place] of frames) {
    const was = drag.start.frames[id];
    for (const node of drag.carried.get(id) ?? []) {
      const from = drag.start.nodes[node];
      if (was && from && !from.pinned)
        places.set(node, {
          x: Math.round(from.x + place.x - was.x),
          y: Math.round(from.y + place.y - was.y),
        });
    }
  }
  apply(
    text.edit.move,
    (document) => {
      const moved = moveTo(places)(document);
      return [...frames].reduce((made, [id, place]) => withFrame(drag.start, made, id, place), moved);
    },
    drag.key,
  );
}

/** A frame takes along the reroute points that stand in it. */
function withFrame(start: Document, document: Document, id: string, place: Point): Document {
  const was = start.frames[id];
  const to = { x: Math.round(place.x), y: Math.round(place.y) };
  const moved = changeFrame(id, to)(document);
  if (!was) return moved;
  const within = Object.values(start.points).filter((point) => inside(was, point));
  return within.reduce(
    (made, point) => movePoint(made, point.id, { x: point.x + to.x - was.x, y: point.y + to.y - was.y }),
    moved,
  );
}

/** A node that is moved alone snaps to the edges of its neighbours. */
function alignOne(drag: Drag, places: Map<string, Point>): void {
  if (places.size !== 1) {
    useMark.setState({ snap: null });
    return;
  }
  const [[id, place]] = [...places] as [[string, Point]];
  const found = snap(drag.start, id, place, specs());
  places.set(id, found.place);
  useMark.setState({ snap: found.x === null && found.y === null ? null : found });
}

import { useStoreApi } from "@xyflow/react";
import { type PointerEvent, useEffect, useRef } from "react";
import { moveView } from "../canvas/camera";
import { plainColor, tintOf } from "../canvas/color";
import { extent } from "../canvas/far/FarCanvas";
import { useMark } from "../canvas/mark";
import { boxOf } from "../model/box";
import { specs, useCatalogue } from "../store/catalogue";
import { current, useDocument } from "../store/document";
import { useRun } from "../store/run";
import { useSelection } from "../store/selection";
import { useView } from "../store/view";
import { useWire } from "../store/wire";
import { text } from "../text";

const WIDTH = 190;
const HEIGHT = 120;
const EDGE = 8;
const REST = 120;

/** The whole graph, small, with a frame around what is in view. */
export function Minimap() {
  const shown = useView((state) => state.minimap);
  const empty = useDocument((state) => Object.keys(state.history.document.nodes).length === 0);
  return shown && !empty ? <Shown /> : null;
}

interface Scale {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

function scaleOf(): Scale | null {
  const box = extent();
  if (!box) return null;
  const scale = Math.min((WIDTH - 2 * EDGE) / box.width, (HEIGHT - 2 * EDGE) / box.height, 0.2);
  return {
    scale,
    x: (WIDTH - box.width * scale) / 2 - box.x * scale,
    y: (HEIGHT - box.height * scale) / 2 - box.y * scale,
  };
}

function Shown() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLElement>(null);
  const flow = useStoreApi();
  const moving = useMark((state) => state.moving);
  const drawing = useWire((state) => state.wire !== null);
  useEffect(() => {
    let timer = 0;
    const follow = () => {
      const at = scaleOf();
      const { transform, width, height } = flow.getState();
      const element = frame.current;
      if (!at || !element) return;
      const [x, y, zoom] = transform;
      const left = Math.max(1, (-x / zoom) * at.scale + at.x);
      const top = Math.max(1, (-y / zoom) * at.scale + at.y);
      const right = Math.min(WIDTH - 1, ((width - x) / zoom) * at.scale + at.x);
      const bottom = Math.min(HEIGHT - 1, ((height - y) / zoom) * at.scale + at.y);
      element.style.transform = `translate(${left}px, ${top}px)`;
      element.style.width = `${Math.max(0, right - left)}px`;
      element.style.height = `${Math.max(0, bottom - top)}px`;
    };
    const redraw = () => {
      timer ||= window.setTimeout(() => {
        timer = 0;
        if (canvas.current) draw(canvas.current);
        follow();
      }, REST);
    };
    redraw();
    const stops = [
      flow.subscribe(
        (state, before) => (state.transform !== before.transform || state.width !== before.width) && follow(),
      ),
      ...[useDocument, useCatalogue, useSelection, useRun, useView].map((store) =>
        (store as typeof useDocument).subscribe(redraw),
      ),
    ];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [flow]);
  const go = (event: PointerEvent<HTMLElement>) => {
    const at = scaleOf();
    if (!at || event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    moveView({
      x: (event.clientX - box.left - at.x) / at.scale,
      y: (event.clientY - box.top - at.y) / at.scale,
    });
  };
  return (
    <div
      className="map"
      data-aside={moving || drawing ? "" : undefined}
      role="img"
      aria-label={text.canvas.map}
      style={{ width: WIDTH, height: HEIGHT }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <canvas ref={canvas} style={{ width: WIDTH, height: HEIGHT }} />
      <i ref={frame} className="map-frame" />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement): void {
  const ratio = Math.min(2, devicePixelRatio);
  canvas.width = WIDTH * ratio;
  canvas.height = HEIGHT * ratio;
  const pen = canvas.getContext("2d");
  const at = scaleOf();
  if (!pen || !at) return;
  const { theme } = useView.getState();
  const runs = useRun.getState().nodes;
  const chosen = useSelection.getState().nodes;
  pen.setTransform(at.scale * ratio, 0, 0, at.scale * ratio, at.x * ratio, at.y * ratio);
  for (const box of Object.values(current().frames)) {
    pen.fillStyle = box.color || plainColor("--line", theme);
    pen.globalAlpha = 0.4;
    pen.fillRect(box.x, box.y, box.width, box.height);
  }
  for (const node of Object.values(current().nodes)) {
    const box = boxOf(node, specs()[node.type]);
    const phase = runs[node.id]?.phase;
    pen.globalAlpha = node.mode === "run" ? 1 : 0.4;
    pen.fillStyle =
      phase === "failed"
        ? plainColor("--danger", theme)
        : phase === "running" || chosen.has(node.id)
          ? plainColor("--accent", theme)
          : tintOf(node.color) || plainColor("--faint", theme);
    pen.fillRect(box.x, box.y, box.width, box.height);
  }
}

import { type KeyboardEvent, type MouseEvent, type PointerEvent, useRef } from "react";
import {
  addKnot,
  type Curve,
  heightAt,
  type Knot,
  moveKnot,
  readCurve,
  removeKnot,
  writeCurve,
} from "../model/curve";
import { outlineOf } from "../model/histogram";
import type { Widget } from "../model/spec";
import { useHistogram } from "../run/histogram";
import { curve as say } from "../text/curve";
import type { FieldProps } from "./WidgetRow";

const SIDE = 100;
const SAMPLES = 64;
const NEAR = 0.08;
let gestures = 0;

/** A curve: a press adds a point, a drag moves it, a double click or Delete takes it away. */
export function CurveField({
  node,
  label,
  value,
  set,
  reset,
}: FieldProps<Extract<Widget, { kind: "curve" }>>) {
  const area = useRef<SVGSVGElement>(null);
  const drag = useRef<{ at: number; key: string } | null>(null);
  const curve = readCurve(value);
  const heights = useHistogram(node);
  const put = (next: Curve, key = "") => next !== curve && set(writeCurve(next), key);
  const place = (event: MouseEvent): Knot => {
    const box = area.current?.getBoundingClientRect();
    if (!box) return [0, 0];
    return [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
  };
  // A press holds the pointer here, so that a double click on a point arrives here as well.
  const near = (event: MouseEvent): number => {
    const [x, y] = place(event);
    return curve.points.findIndex((one) => Math.hypot(one[0] - x, one[1] - y) < NEAR);
  };
  const hold = (event: PointerEvent, at: number) => {
    event.stopPropagation();
    area.current?.setPointerCapture(event.pointerId);
    gestures += 1;
    drag.current = { at, key: `!curve ${gestures}` };
  };
  const begin = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const [x, y] = place(event);
    const added = addKnot(curve, x, y);
    if (added.at < 0) return;
    hold(event, added.at);
    put(added.curve, drag.current?.key);
  };
  const move = (event: PointerEvent) => {
    const now = drag.current;
    if (!now) return;
    const [x, y] = place(event);
    put(moveKnot(curve, now.at, x, y), now.key);
  };
  const end = () => {
    drag.current = null;
  };
  return (
    <fieldset className="field field-curve" aria-label={label}>
      <svg
        ref={area}
        viewBox={`0 0 ${SIDE} ${SIDE}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onLostPointerCapture={end}
        onDoubleClick={(event) => put(removeKnot(curve, near(event)))}
        onPointerCancel={end}
      >
        {heights && <path className="curve-levels" d={outlineOf(heights, SIDE)} />}
        <path className="curve-grid" d="M25 0V100M50 0V100M75 0V100M0 25H100M0 50H100M0 75H100M0 100L100 0" />
        <path className="curve-line" d={lineOf(curve)} />
      </svg>
      <div className="curve-points">
        {curve.points.map((knot, at) => (
          <Point
            // biome-ignore lint/suspicious/noArrayIndexKey: a point is known by its place
            key={at}
            knot={knot}
            label={say.point(label, at + 1)}
            hold={(event) => hold(event, at)}
            move={(x, y) => put(moveKnot(curve, at, x, y), `curve ${label} ${at}`)}
            remove={() => put(removeKnot(curve, at))}
          />
        ))}
      </div>
      <footer>
        <button
          type="button"
          aria-pressed={curve.interpolation === "linear"}
          onClick={() =>
            put({ ...curve, interpolation: curve.interpolation === "linear" ? "monotone_cubic" : "linear" })
          }
        >
          {curve.interpolation === "linear" ? say.linear : say.smooth}
        </button>
        <button type="button" onClick={reset}>
          {say.reset}
        </button>
      </footer>
    </fieldset>
  );
}

const lineOf = (curve: Curve): string =>
  `M${Array.from({ length: SAMPLES + 1 }, (_, index) => {
    const x = index / SAMPLES;
    return `${(x * SIDE).toFixed(2)} ${((1 - heightAt(curve, x)) * SIDE).toFixed(2)}`;
  }).join("L")}`;

interface PointProps {
  readonly knot: Knot;
  readonly label: string;
  readonly hold: (event: PointerEvent) => void;
  readonly move: (x: number, y: number) => void;
  readonly remove: () => void;
}

function Point({ knot: [x, y], label, hold, move, remove }: PointProps) {
  const key = (event: KeyboardEvent) => {
    const by = event.shiftKey ? 0.1 : 0.01;
    const way = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, by], ArrowDown: [0, -by] }[
      event.key
    ];
    if (way) move(x + (way[0] ?? 0), y + (way[1] ?? 0));
    else if (event.key === "Delete" || event.key === "Backspace") remove();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span
      className="curve-point"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuenow={y}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuetext={say.place(x, y)}
      title={say.place(x, y)}
      style={{ left: `${x * 100}%`, bottom: `${y * 100}%` }}
      onPointerDown={hold}
      onKeyDown={key}
    />
  );
}

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import type { Control } from "../model/document";
import { amountOf, fill, format, type NumberWidget, parse, stepBy } from "../model/number";
import { text } from "../text";
import { SeedControl } from "./SeedControl";
import type { FieldProps } from "./WidgetRow";

const PER_STEP = 5;
const STILL = 3;
let gestures = 0;

/** A number: drag to change it, click to type (sums too), double-click for its default. */
export function NumberField(props: FieldProps<NumberWidget> & { control: Control }) {
  const { name, widget, reset } = props;
  /** While a number is typed: what it begins with, empty for the number as it is. */
  const [typing, setTyping] = useState<string | null>(null);
  const back = useRef(false);
  const value = amountOf(props.value);
  return (
    <div className="field-row">
      {typing !== null ? (
        <Typed
          {...props}
          first={typing}
          done={(focus) => {
            back.current = focus;
            setTyping(null);
          }}
        />
      ) : (
        <Scrubbed {...props} value={value} type={(first) => setTyping(first)} reset={reset} back={back} />
      )}
      {widget.seed && (
        <SeedControl node={props.node} name={name} widget={widget} control={props.control} set={props.set} />
      )}
    </div>
  );
}

interface ScrubProps extends FieldProps<NumberWidget> {
  readonly value: number | bigint;
  readonly type: (first: string) => void;
  /** Whether the focus was here before a number was typed, and returns. */
  readonly back: { current: boolean };
}

function Scrubbed({ label, widget, value, set, type, reset, back }: ScrubProps) {
  const field = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (back.current) field.current?.focus({ preventScroll: true });
    back.current = false;
  }, [back]);
  const drag = useRef<{ x: number; from: number | bigint; key: string; moved: boolean } | null>(null);
  const full = fill(value, widget);
  const down = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    gestures += 1;
    drag.current = { x: event.clientX, from: value, key: `!scrub ${gestures}`, moved: false };
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const now = drag.current;
    if (!now) return;
    const dx = event.clientX - now.x;
    if (!now.moved && Math.abs(dx) < STILL) return;
    now.moved = true;
    const width = event.currentTarget.getBoundingClientRect().width;
    const next = scrub(now.from, widget, dx, width, event.shiftKey ? 0.1 : event.altKey ? 10 : 1);
    if (next !== value) set(next, now.key);
  };
  const up = () => {
    const was = drag.current;
    drag.current = null;
    if (was && !was.moved) type("");
  };
  const key = (event: KeyboardEvent) => {
    // With these, keys are commands: run, move the node.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[
      event.key
    ];
    if (by) set(stepBy(value, widget, by * (event.shiftKey ? 10 : 1)));
    else if (event.key === "Enter" || event.key === "F2") type("");
    else if (/^[0-9.-]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey)
      type(event.key);
    else if (event.key === "Backspace" || event.key === "Delete") reset();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={field}
      className="field field-number"
      role="spinbutton"
      tabIndex={0}
      aria-label={label}
      aria-valuenow={Number(value)}
      aria-valuetext={format(value, widget)}
      {...(Number.isFinite(Number(widget.min)) ? { "aria-valuemin": Number(widget.min) } : {})}
      {...(Number.isFinite(Number(widget.max)) ? { "aria-valuemax": Number(widget.max) } : {})}
      title={text.widget.number}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => {
        const was = drag.current;
        drag.current = null;
        if (was?.moved) set(was.from, was.key);
      }}
      onKeyDown={key}
    >
      {full !== null && (
        <i className="field-fill" style={{ transform: `scaleX(${Math.min(1, Math.max(0, full))})` }} />
      )}
      <span className="field-name">{label}</span>
      <span className="field-value">{format(value, widget)}</span>
    </div>
  );
}

/** Where a drag leads: across the whole range for a number whose field fills, else a step every few pixels. */
function scrub(
  from: number | bigint,
  widget: NumberWidget,
  dx: number,
  width: number,
  speed: number,
): number | bigint {
  if (fill(from, widget) !== null && typeof from === "number") {
    const range = Number(widget.max) - Number(widget.min);
    const steps = Math.round(((dx / width) * range * speed) / widget.step);
    return steps === 0 ? from : stepBy(from, widget, steps);
  }
  const steps = Math.trunc((dx / PER_STEP) * speed);
  return steps === 0 ? from : stepBy(from, widget, steps);
}

interface TypedProps extends FieldProps<NumberWidget> {
  readonly first: string;
  /** The field is left; `focus` says that the number has the focus again. */
  readonly done: (focus: boolean) => void;
}

function Typed({ label, widget, value, set, reset, first, done }: TypedProps) {
  const left = useRef(false);
  const keep = (words: string, focus: boolean) => {
    if (left.current) return;
    left.current = true;
    const next = words.trim() === "" ? null : parse(words, widget);
    if (next !== null && next !== value) set(next);
    done(focus);
  };
  return (
    <span className="field field-typed">
      <span className="field-name">{label}</span>
      <input
        className="field-input"
        aria-label={label}
        inputMode="decimal"
        data-draft=""
        // biome-ignore lint/a11y/noAutofocus: the person clicked to type here
        autoFocus
        onFocus={(event) => first === "" && event.target.select()}
        defaultValue={first || format(amountOf(value), widget)}
        onBlur={(event) => keep(event.target.value, false)}
        onDoubleClick={() => {
          left.current = true;
          reset();
          done(false);
        }}
        onKeyDown={(event) => {
          // With Ctrl, keys are commands: run, save, open.
          if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
          if (event.key === "Enter") keep(event.currentTarget.value, true);
          if (event.key === "Escape") {
            left.current = true;
            done(true);
          }
        }}
      />
    </span>
  );
}

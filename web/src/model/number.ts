import { calculate } from "./arithmetic";
import type { Widget } from "./spec";
import { narrow, type Value } from "./value";

export type NumberWidget = Extract<Widget, { kind: "number" }>;
type Amount = number | bigint;

/** Whatever an input holds as a number. */
export function amountOf(value: Value | undefined): Amount {
  if (typeof value === "number" || typeof value === "bigint") return value;
  const plain = Number(value);
  return Number.isFinite(plain) ? plain : 0;
}

/** A number as it is shown. */
export function format(value: Amount, widget: NumberWidget): string {
  if (typeof value === "bigint" || widget.whole) return String(value);
  const fixed = value.toFixed(widget.places);
  const exact = Number(fixed) === value ? fixed : String(value);
  return exact.includes("e") ? exact : exact.replace(/(\.\d*?[1-9])0+$|\.0+$/, "$1");
}

export function clamp(value: Amount, widget: NumberWidget): Amount {
  if (value < widget.min) return widget.min;
  return value > widget.max ? widget.max : value;
}

/** What a person typed as a number that the input takes, or null when it is none. */
export function parse(text: string, widget: NumberWidget): Amount | null {
  if (widget.whole && /^\s*[+-]?\d+\s*$/.test(text)) return clamp(narrow(BigInt(text.trim())), widget);
  const value = calculate(text);
  if (value === null) return null;
  return clamp(widget.whole ? Math.round(value) : tidy(value, Math.max(widget.places, 6)), widget);
}

const tidy = (value: number, places: number): number => Number(value.toFixed(places));

/** So many steps up or down. A value that lies between two steps first goes to one of them. */
export function stepBy(value: Amount, widget: NumberWidget, count: number): Amount {
  if (typeof value === "bigint")
    return clamp(narrow(value + BigInt(Math.trunc(count * widget.step) || Math.sign(count))), widget);
  const finer = Math.abs(count) < 1 && !widget.whole;
  const step = finer ? widget.step * Math.abs(count) : widget.step;
  const times = finer ? Math.sign(count) : Math.trunc(count) || Math.sign(count);
  const origin =
    Number.isFinite(Number(widget.min)) && Math.abs(Number(widget.min)) < 1e6 ? Number(widget.min) : 0;
  const snapped = widget.whole && step > 1 ? origin + Math.round((value - origin) / step) * step : value;
  return clamp(
    tidy(snapped + step * times, finer ? 6 : Math.max(widget.places, decimals(widget.step))),
    widget,
  );
}

const decimals = (step: number): number => Math.min(10, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));

/** How full a number's field is, or null when its range says nothing to the eye. */
export function fill(value: Amount, widget: NumberWidget): number | null {
  const [min, max] = [Number(widget.min), Number(widget.max)];
  const range = max - min;
  if (!Number.isFinite(range) || range <= 0 || (!widget.slider && (widget.whole || range > 20))) return null;
  return (Number(value) - min) / range;
}

/** A whole random number within the range of an input. */
export function random(
  widget: NumberWidget,
  bits: BigUint64Array<ArrayBuffer> = crypto.getRandomValues(new BigUint64Array(1)),
): Amount {
  const low = BigInt(widget.min);
  const span = BigInt(widget.max) - low + 1n;
  return narrow(low + ((bits[0] ?? 0n) % span));
}

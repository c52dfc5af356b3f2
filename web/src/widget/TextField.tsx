import { useLayoutEffect, useRef, useState } from "react";
import type { Widget } from "../model/spec";
import type { FieldProps } from "./WidgetRow";

type TextWidget = Extract<Widget, { kind: "text" }>;

const TALLEST = 360;

/** A text of several lines. While it is written it grows over what stands below, so that nothing moves. */
export function TextField({ label, value, set }: FieldProps<TextWidget>) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [writing, setWriting] = useState(false);
  const words = String(value ?? "");
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed text has another height
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "";
    if (writing && area.scrollHeight > area.clientHeight)
      area.style.height = `${Math.min(TALLEST, area.scrollHeight + 2)}px`;
  }, [writing, words]);
  return (
    <textarea
      ref={field}
      className="field field-text nowheel"
      data-writing={writing ? "" : undefined}
      aria-label={label}
      placeholder={label}
      value={words}
      spellCheck={false}
      onFocus={() => setWriting(true)}
      onBlur={() => setWriting(false)}
      onChange={(event) => set(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
      }}
    />
  );
}

/** A text of one line. */
export function LineField({ label, value, set }: FieldProps<TextWidget>) {
  return (
    <label className="field field-line">
      <span className="field-name">{label}</span>
      <input
        className="field-input"
        aria-label={label}
        value={String(value ?? "")}
        spellCheck={false}
        onChange={(event) => set(event.target.value)}
      />
    </label>
  );
}

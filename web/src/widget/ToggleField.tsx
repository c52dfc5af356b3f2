import type { Widget } from "../model/spec";
import { text } from "../text";
import type { FieldProps } from "./WidgetRow";

/** Yes or no. */
export function ToggleField({ label, widget, value, set }: FieldProps<Extract<Widget, { kind: "toggle" }>>) {
  const on = value === true;
  return (
    <button
      type="button"
      className="field field-toggle"
      role="switch"
      aria-checked={on}
      aria-label={label}
      onClick={() => set(!on)}
    >
      <span className="field-name">{label}</span>
      <span className="field-value">{on ? widget.on || text.widget.on : widget.off || text.widget.off}</span>
      <i className="switch" />
    </button>
  );
}

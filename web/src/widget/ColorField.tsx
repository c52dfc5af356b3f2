import type { Widget } from "../model/spec";
import type { FieldProps } from "./WidgetRow";

/** A colour, as a well and as text. */
export function ColorField({ label, value, set }: FieldProps<Extract<Widget, { kind: "color" }>>) {
  const color = String(value ?? "#ffffff");
  return (
    <label className="field field-color">
      <span className="field-name">{label}</span>
      <span className="field-value">{color}</span>
      <input
        type="color"
        aria-label={label}
        value={/^#[0-9a-f]{6}$/i.test(color) ? color : "#ffffff"}
        onChange={(event) => set(event.target.value)}
      />
    </label>
  );
}

import type { Control } from "../model/document";
import { setControl } from "../model/edit";
import { type NumberWidget, random } from "../model/number";
import { Icon } from "../panel/Icon";
import { apply } from "../store/document";
import { useJobs } from "../store/job";
import { text } from "../text";
import type { FieldProps } from "./WidgetRow";

const CONTROLS: readonly Control[] = ["fixed", "increment", "decrement", "randomize"];
const MARK: Record<Control, string> = { fixed: "=", increment: "+1", decrement: "−1", randomize: "⚂" };

interface Props extends Pick<FieldProps<NumberWidget>, "node" | "name" | "widget" | "set"> {
  readonly control: Control;
}

/** What happens to a seed: a new one now, the last one again, and what becomes of it after a run. */
export function SeedControl({ node, name, widget, control, set }: Props) {
  const last = useJobs((state) => state.seeds[`${node} ${name}`]);
  return (
    <>
      {last !== undefined && (
        <button
          type="button"
          className="field-button"
          title={text.widget.lastSeed(String(last))}
          aria-label={text.widget.lastSeed(String(last))}
          onClick={() => set(last)}
        >
          <Icon name="again" />
        </button>
      )}
      <button
        type="button"
        className="field-button"
        title={text.widget.newSeed}
        aria-label={text.widget.newSeed}
        onClick={() => set(random(widget))}
      >
        <Icon name="dice" />
      </button>
      <label
        className="field-button field-control"
        title={`${text.widget.controlTip}: ${text.widget.control[control]}`}
      >
        <span aria-hidden="true">{MARK[control]}</span>
        <select
          aria-label={`${name}: ${text.widget.controlTip}`}
          value={control}
          onChange={(event) =>
            apply(text.edit.control(name), setControl(node, name, event.target.value as Control))
          }
        >
          {CONTROLS.map((one) => (
            <option key={one} value={one}>
              {text.widget.control[one]}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

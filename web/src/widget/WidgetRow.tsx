import { lazy, memo, Suspense } from "react";
import { type GraphNode, linkInto } from "../model/document";
import { choose, clearValue, type Edit, setValue } from "../model/edit";
import { ROW } from "../model/shape";
import { type InputSpec, isDesk } from "../model/spec";
import type { Value } from "../model/value";
import { write } from "../model/written";
import { Dot } from "../node/Sockets";
import { PinButton } from "../simple/PinButton";
import { specs } from "../store/catalogue";
import { apply, useDocument } from "../store/document";
import { text } from "../text";
import { ChoiceField } from "./ChoiceField";
import { ColorField } from "./ColorField";
import { CurveField } from "./CurveField";
import { NumberField } from "./NumberField";
import { LineField, TextField } from "./TextField";
import { ToggleField } from "./ToggleField";

export interface FieldProps<W> {
  readonly node: string;
  readonly name: string;
  /** What is shown: the name, without those of the inputs that it depends on. */
  readonly label: string;
  readonly widget: W;
  readonly value: Value;
  readonly set: (value: Value, gesture?: string) => void;
  readonly reset: () => void;
}

interface Props {
  readonly node: GraphNode;
  readonly spec: InputSpec;
  readonly y: number;
  readonly height: number;
}

const labelOf = (spec: InputSpec): string => spec.label ?? spec.name.slice(spec.name.lastIndexOf(".") + 1);

/** An input that can be entered on the node, and its socket. */
export const WidgetRow = memo(
  function WidgetRow({ node, spec, y, height }: Props) {
    const wired = useDocument((state) => linkInto(state.history.document, node.id, spec.name) !== undefined);
    return (
      <>
        <div
          className="widget nodrag"
          style={{ top: y, height }}
          data-wired={wired ? "" : undefined}
          title={spec.tip || undefined}
          data-input={spec.name}
        >
          {wired ? (
            <span className="field field-wired">
              <span className="field-name">{labelOf(spec)}</span>
              <span className="field-value">{text.node.linked}</span>
            </span>
          ) : (
            <Field node={node} spec={spec} />
          )}
          {!wired && <PinButton node={node.id} input={spec.name} />}
        </div>
        <Dot
          node={node.id}
          socket={spec.name}
          output={false}
          type={spec.type}
          y={y + Math.min(height, ROW) / 2}
          quiet
        />
      </>
    );
  },
  (before, now) =>
    before.spec === now.spec &&
    before.y === now.y &&
    before.height === now.height &&
    before.node.id === now.node.id &&
    before.node.values[before.spec.name] === now.node.values[now.spec.name] &&
    before.node.controls === now.node.controls,
);

/** How a value is entered, with all that it brings along. */
function entry(node: string, spec: InputSpec, value: Value): Edit {
  if (spec.written) return write(node, spec.written, spec.name, value);
  return spec.choices ? choose(node, spec.name, value, specs()) : setValue(node, spec.name, value);
}

/** The field alone, in which a value is entered. */
export function Field({ node, spec }: Pick<Props, "node" | "spec">) {
  const { widget, name } = spec;
  const props = {
    node: node.id,
    name,
    label: labelOf(spec),
    value: node.values[name] ?? spec.start ?? null,
    set: (value: Value, gesture = "") =>
      apply(text.edit.value(name), entry(node.id, spec, value), gesture || `value ${node.id} ${name}`),
    reset: () =>
      apply(
        text.edit.reset(name),
        spec.choices || spec.written
          ? entry(node.id, spec, spec.start ?? null)
          : clearValue(node.id, name, specs()),
      ),
  };
  switch (widget?.kind) {
    case "number":
      return <NumberField {...props} widget={widget} control={node.controls[name] ?? "fixed"} />;
    case "choice":
      return <ChoiceField {...props} widget={widget} />;
    case "toggle":
      return <ToggleField {...props} widget={widget} />;
    case "curve":
      return <CurveField {...props} widget={widget} />;
    case "color":
      return <ColorField {...props} widget={widget} />;
    case "text":
      return widget.multiline ? (
        <TextField {...props} widget={widget} />
      ) : (
        <LineField {...props} widget={widget} />
      );
    default:
      return isDesk(widget) ? (
        <Suspense>
          <DeskField {...props} widget={widget} />
        </Suspense>
      ) : null;
  }
}

// Few graphs have such nodes; who opens one waits for its editor a moment.
const DeskField = lazy(() => import("../desk/DeskField"));

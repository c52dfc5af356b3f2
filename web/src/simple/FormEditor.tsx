import { type DragEvent, useState } from "react";
import type { Control } from "../model/document";
import { setControl } from "../model/edit";
import { demote, type Form, type FormField, promote } from "../model/form";
import { candidates, foldField, labelField, placeField, setAbout } from "../model/reform";
import { inputsOf } from "../model/shape";
import { Icon } from "../panel/Icon";
import { specs } from "../store/catalogue";
import { apply, useGraph } from "../store/document";
import { text } from "../text";
import { simple as say } from "../text/simple";

/** Changing a form: what its fields are called, in which order they stand, and which there are. */
export function FormEditor({ form }: { form: Form }) {
  const [dragged, setDragged] = useState<FormField | null>(null);
  return (
    <div className="form-editor">
      <textarea
        className="field field-text"
        aria-label={say.about}
        placeholder={say.about}
        value={form.about}
        onChange={(event) => apply(say.about, setAbout(event.target.value, specs()), "form about")}
      />
      <ol aria-label={say.order}>
        {form.fields.map((field, at) => (
          <Entry
            key={`${field.node} ${field.input}`}
            field={field}
            at={at}
            last={at === form.fields.length - 1}
            drag={setDragged}
            drop={() => dragged && apply(say.order, placeField(dragged.node, dragged.input, at, specs()))}
          />
        ))}
      </ol>
      <More form={form} />
    </div>
  );
}

interface EntryProps {
  readonly field: FormField;
  readonly at: number;
  readonly last: boolean;
  readonly drag: (field: FormField | null) => void;
  readonly drop: () => void;
}

function Entry({ field, at, last, drag, drop }: EntryProps) {
  const document = useGraph();
  const { node, input } = field;
  const target = document.nodes[node];
  const spec = target && inputsOf(target, specs()[target.type]).find((one) => one.name === input);
  const name = say.field[input] ?? input.replaceAll("_", " ");
  const called = field.label || name;
  const seed = spec?.widget?.kind === "number" && spec.widget.seed;
  const over = (event: DragEvent) => event.preventDefault();
  return (
    <li
      draggable
      onDragStart={() => drag(field)}
      onDragEnd={() => drag(null)}
      onDragOver={over}
      onDrop={drop}
      data-more={field.more ? "" : undefined}
    >
      <i className="form-grip" aria-hidden="true" title={say.drag(called)} />
      <input
        aria-label={say.label(input)}
        placeholder={name}
        value={field.label}
        onChange={(event) =>
          apply(say.rename, labelField(node, input, event.target.value, specs()), `label ${node} ${input}`)
        }
      />
      <Do
        icon="up"
        label={say.up(called)}
        off={at === 0}
        act={() => apply(say.order, placeField(node, input, at - 1, specs()))}
      />
      <Do
        icon="sink"
        label={say.down(called)}
        off={last}
        act={() => apply(say.order, placeField(node, input, at + 1, specs()))}
      />
      <Do
        icon="menu"
        on={field.more}
        label={field.more ? say.unfold(called) : say.fold(called)}
        act={() => apply(say.more, foldField(node, input, !field.more, specs()))}
      />
      <Do
        icon="close"
        label={say.remove(called)}
        act={() => apply(say.demote, demote(node, input, specs()))}
      />
      <small>
        {target ? `${target.title || specs()[target.type]?.title || target.type} · ${input}` : say.gone}
      </small>
      {seed && target && (
        <After node={node} input={input} name={called} control={target.controls[input] ?? "fixed"} />
      )}
    </li>
  );
}

interface DoProps {
  readonly icon: "up" | "sink" | "menu" | "close";
  readonly label: string;
  readonly act: () => void;
  readonly off?: boolean;
  readonly on?: boolean;
}

function Do({ icon, label, act, off, on }: DoProps) {
  return (
    <button
      type="button"
      className="bar-button"
      aria-label={label}
      aria-pressed={on}
      title={label}
      disabled={off}
      onClick={act}
    >
      <Icon name={icon} />
    </button>
  );
}

const CONTROLS: readonly Control[] = ["fixed", "increment", "decrement", "randomize"];

/** What a seed does after each run; the file keeps it. */
function After({
  node,
  input,
  name,
  control,
}: {
  node: string;
  input: string;
  name: string;
  control: Control;
}) {
  return (
    <select
      aria-label={say.after(name)}
      value={control}
      onChange={(event) =>
        apply(text.edit.control(input), setControl(node, input, event.target.value as Control))
      }
    >
      {CONTROLS.map((one) => (
        <option key={one} value={one}>
          {text.widget.control[one]}
        </option>
      ))}
    </select>
  );
}

/** What else of the graph the form could ask for. */
function More({ form }: { form: Form }) {
  const all = candidates(useGraph(), specs(), form);
  const nodes = [...new Set(all.map((one) => one.node))];
  return (
    <select
      className="form-more"
      aria-label={say.add}
      value=""
      onChange={(event) => {
        const one = all[Number(event.target.value)];
        if (one) apply(say.promote, promote(one.node, one.input, specs()));
      }}
    >
      <option value="">{say.add}</option>
      {nodes.map((node) => (
        <optgroup key={node} label={`${all.find((one) => one.node === node)?.title} #${node}`}>
          {all.map((one, at) =>
            one.node === node ? (
              <option key={one.input} value={at}>
                {one.input}
              </option>
            ) : null,
          )}
        </optgroup>
      ))}
    </select>
  );
}

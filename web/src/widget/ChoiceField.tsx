import { type KeyboardEvent, useRef, useState } from "react";
import { pictureOf } from "../model/picture";
import type { Widget } from "../model/spec";
import type { Value } from "../model/value";
import { Icon } from "../panel/Icon";
import { Picker } from "../panel/Picker";
import { paintMask } from "../run/mask";
import { viewAddress } from "../server/client";
import { useModelPictures } from "../server/model";
import { text } from "../text";
import { UploadButton } from "./UploadButton";
import type { FieldProps } from "./WidgetRow";

type ChoiceWidget = Extract<Widget, { kind: "choice" }>;

/** One of several: a list that can be searched, with small pictures where they are pictures. */
export function ChoiceField({ node, name, label, widget, value, set, reset }: FieldProps<ChoiceWidget>) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const models = useModelPictures(name, open);
  const gone = value !== null && value !== "" && !widget.options.includes(value as never);
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = widget.options.indexOf(value as never);
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const next = by === undefined ? undefined : widget.options[at + by];
    if (next !== undefined) set(next);
    else if (event.key === "Delete" || event.key === "Backspace") reset();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const choose = (chosen: Value) => {
    setOpen(false);
    set(chosen);
    button.current?.focus();
  };
  return (
    <div className="field-row">
      <button
        ref={button}
        type="button"
        className="field field-choice"
        role="combobox"
        aria-label={label}
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-controls={open ? "picker" : undefined}
        data-gone={gone ? "" : undefined}
        title={gone ? text.widget.gone(String(value)) : String(value ?? "")}
        onClick={() => setOpen(!open)}
        onKeyDown={key}
      >
        <span className="field-name">{label}</span>
        <span className="field-value">{String(value ?? "") || text.node.noValue}</span>
        <Icon name="down" />
      </button>
      {widget.upload && <UploadButton kind={widget.upload} name={name} set={set} />}
      {widget.upload === "image" && value && (
        <button
          type="button"
          className="field-button"
          title={text.mask.title}
          aria-label={`${name}: ${text.mask.title}`}
          onClick={() => paintMask(node)}
        >
          <Icon name="brush" />
        </button>
      )}
      {open && (
        <Picker
          anchor={button}
          label={label}
          options={widget.options}
          value={value}
          name={String}
          picture={
            widget.upload === "image"
              ? (option) => viewAddress(pictureOf(String(option)), { preview: "webp;60" })
              : models
                ? (option) => models.get(String(option)) ?? ""
                : undefined
          }
          choose={choose}
          close={() => setOpen(false)}
        />
      )}
    </div>
  );
}

import type { ReactNode } from "react";
import { setControl, setValue } from "../model/edit";
import { type Asked, phraseIn, shapesOf, withPhrase } from "../model/form";
import { isTall } from "../model/shape";
import { readPicture } from "../node/picture";
import { Player } from "../panel/Player";
import { isStill } from "../panel/viewer/film";
import { viewAddress } from "../server/client";
import { apply } from "../store/document";
import { text } from "../text";
import { simple as say } from "../text/simple";
import { Field } from "../widget/WidgetRow";

/** The fields of a form: those that matter first, the others folded away. */
export function FormFields({ fields }: { fields: readonly Asked[] }) {
  const first = fields.filter((one) => !one.field.more);
  const more = fields.filter((one) => one.field.more);
  return (
    <>
      <Rows fields={first} />
      {more.length > 0 && (
        <details className="simple-more">
          <summary>{say.more}</summary>
          <Rows fields={more} />
        </details>
      )}
    </>
  );
}

const keyOf = ({ node, spec }: Asked): string => `${node.id} ${spec.name}`;

function Rows({ fields }: { fields: readonly Asked[] }) {
  return fields.map((one) => {
    const other = sizeOf(one, fields);
    if (other === "told") return null;
    return other ? (
      <SizeRow key={keyOf(one)} width={one} height={other} />
    ) : (
      <Row key={keyOf(one)} asked={one} />
    );
  });
}

/** The height that belongs to a width; a height that was told with its width is `told`. */
function sizeOf(one: Asked, fields: readonly Asked[]): Asked | "told" | null {
  const partner = (name: string) =>
    fields.find((other) => other.node.id === one.node.id && other.spec.name === name);
  if (one.spec.name === "width") return partner("height") ?? null;
  return one.spec.name === "height" && partner("width") ? "told" : null;
}

const labelOf = ({ field, spec }: Asked): string =>
  field.label || say.field[spec.name] || spec.name.replaceAll("_", " ");

function Named({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className="simple-row">
      <legend>{label}</legend>
      {children}
    </fieldset>
  );
}

function Row({ asked }: { asked: Asked }) {
  const { node, spec, field } = asked;
  const { widget } = spec;
  const tall = isTall(spec);
  const seed = widget?.kind === "number" && widget.seed;
  const picture = widget?.kind === "choice" && widget.upload ? readPicture(node.id) : null;
  return (
    <Named label={labelOf(asked)}>
      {picture &&
        (isStill(picture) ? (
          <img className="simple-source" src={viewAddress(picture)} alt={picture.filename} />
        ) : (
          <Player className="simple-source" picture={picture} />
        ))}
      <div className="simple-field" data-tall={tall ? "" : undefined}>
        <Field node={node} spec={spec} />
      </div>
      {field.phrases.length > 0 && <Phrases asked={asked} />}
      {seed && <Anew asked={asked} />}
    </Named>
  );
}

function Phrases({ asked: { node, spec, field } }: { asked: Asked }) {
  const words = String(node.values[spec.name] ?? spec.start ?? "");
  const now = phraseIn(words, field.phrases);
  return (
    <fieldset className="simple-chips" aria-label={say.style}>
      {field.phrases.map((phrase) => (
        <button
          key={phrase}
          type="button"
          className="chip"
          aria-pressed={phrase === now}
          onClick={() =>
            apply(
              text.edit.value(spec.name),
              setValue(node.id, spec.name, withPhrase(words, field.phrases, phrase)),
            )
          }
        >
          {phrase}
        </button>
      ))}
    </fieldset>
  );
}

/** Whether the seed is drawn anew for each picture. */
function Anew({ asked: { node, spec } }: { asked: Asked }) {
  const control = node.controls[spec.name] ?? "fixed";
  const on = control !== "fixed";
  return (
    <button
      type="button"
      className="simple-switch"
      role="switch"
      aria-checked={on}
      onClick={() =>
        apply(text.edit.control(spec.name), setControl(node.id, spec.name, on ? "fixed" : "randomize"))
      }
    >
      <i className="switch" />
      {say.counts[control] ?? say.anew}
    </button>
  );
}

/** Width and height as one thing: a shape, and the exact numbers. */
function SizeRow({ width, height }: { width: Asked; height: Asked }) {
  const number = ({ node, spec }: Asked): number => Number(node.values[spec.name] ?? spec.start ?? 0);
  const now = { width: number(width), height: number(height) };
  const shapes = shapesOf(now);
  const choose = (size: typeof now) =>
    apply(say.size, (document) =>
      setValue(width.node.id, "height", size.height)(setValue(width.node.id, "width", size.width)(document)),
    );
  return (
    <Named label={width.field.label || say.size}>
      <div className="simple-shapes">
        {Object.entries(shapes).map(([name, size]) => (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed={
              name === "square"
                ? now.width === now.height
                : name === "wide"
                  ? now.width > now.height
                  : now.width < now.height
            }
            onClick={() => choose(size)}
          >
            <i className="shape" style={{ aspectRatio: `${size.width} / ${size.height}` }} />
            {say.shape[name as keyof typeof say.shape]}
          </button>
        ))}
      </div>
      <div className="simple-pair">
        <Field node={width.node} spec={width.spec} />
        <span aria-hidden="true">×</span>
        <Field node={height.node} spec={height.spec} />
      </div>
    </Named>
  );
}

import { pictureOf } from "../model/picture";
import type { Desk } from "../model/spec";
import { Icon } from "../panel/Icon";
import { openPaint } from "../run/paint";
import { usePictureInto } from "../run/under";
import { viewAddress } from "../server/client";
import { useNode } from "../store/document";
import { desk } from "../text/desk";
import type { FieldProps } from "../widget/WidgetRow";

const say = desk.painting;

/** What is painted, over what it is painted on; a press opens the canvas. */
export function PaintingField({ node, label, value, reset }: FieldProps<{ kind: Desk }>) {
  const below = usePictureInto(node, "image");
  const colour = String(useNode(node)?.values.bg_color ?? "#000000");
  const painted = typeof value === "string" && value ? viewAddress(pictureOf(value)) : null;
  return (
    <fieldset className="own" aria-label={label}>
      <button
        type="button"
        className="own-canvas"
        aria-label={say.open}
        style={{ background: below ? undefined : colour }}
        onClick={() => openPaint(node)}
      >
        {below && <img src={below} alt="" draggable={false} />}
        {painted && <img src={painted} alt="" draggable={false} />}
        {!painted && <span>{say.nothing}</span>}
      </button>
      <footer className="own-foot">
        <button type="button" className="own-key" onClick={() => openPaint(node)}>
          <Icon name="brush" />
          {say.open}
        </button>
        {painted && (
          <button
            type="button"
            className="field-button"
            title={say.clear}
            aria-label={say.clear}
            onClick={reset}
          >
            <Icon name="bin" />
          </button>
        )}
      </footer>
    </fieldset>
  );
}

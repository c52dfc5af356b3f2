import { useMemo, useState } from "react";
import { asked, formOf } from "../model/form";
import { Icon } from "../panel/Icon";
import { useCatalogue } from "../store/catalogue";
import { useGraph } from "../store/document";
import { text } from "../text";
import { simple as say } from "../text/simple";
import { FormEditor } from "./FormEditor";
import { FormFields } from "./FormFields";
import { MakeButton } from "./MakeButton";
import { Past } from "./Past";
import { Result } from "./Result";

/** The document as an app: what is asked, one button, and the picture. The graph is not seen. */
export function SimpleView() {
  const document = useGraph();
  const catalogue = useCatalogue((state) => state.specs);
  const ready = useCatalogue((state) => state.ready);
  const form = useMemo(() => formOf(document, catalogue), [document, catalogue]);
  const fields = asked(document, catalogue, form);
  const [editing, setEditing] = useState(false);
  if (!ready) return <p className="canvas-empty">{text.server.starting}</p>;
  return (
    <div className="simple">
      <section className="simple-form panel" aria-label={say.title}>
        <div className="simple-fields">
          <button
            type="button"
            className="form-edit"
            aria-pressed={editing}
            aria-label={editing ? say.edited : say.edit}
            title={editing ? say.edited : say.edit}
            onClick={() => setEditing(!editing)}
          >
            <Icon name={editing ? "check" : "pencil"} />
          </button>
          {editing ? (
            <FormEditor form={form} />
          ) : (
            <>
              {form.about && <p className="simple-about">{form.about}</p>}
              {fields.length === 0 && <p className="simple-about">{say.nothing}</p>}
              <FormFields fields={fields} />
            </>
          )}
        </div>
        <MakeButton />
      </section>
      <section className="simple-stage" aria-live="polite">
        <Result />
        <Past />
      </section>
    </div>
  );
}

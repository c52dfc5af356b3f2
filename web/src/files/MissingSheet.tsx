import { reveal } from "../canvas/camera";
import { Icon } from "../panel/Icon";
import type { Lacking } from "../server/told";
import { current } from "../store/document";
import { select } from "../store/selection";
import { file as say } from "../text/file";
import { useFiles } from "./dialog";

/** What a workflow that was opened needs and that is not here. It stands in nobody's way. */
export function MissingSheet() {
  const missing = useFiles((state) => state.missing);
  const close = () => useFiles.setState({ missing: null });
  if (!missing) return null;
  return (
    <section
      className="missing panel"
      role="dialog"
      aria-label={say.missing}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <header>
        <h2>{say.missing}</h2>
        <button type="button" className="bar-button" aria-label={say.later} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <List title={say.types} all={missing.types} />
      <List title={say.models} all={missing.models} />
      <p>{say.missingHint}</p>
    </section>
  );
}

function List({ title, all }: { title: string; all: readonly Lacking[] }) {
  if (all.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {all.map((one) => (
          <li key={one.name}>
            <button type="button" onClick={() => lookAt(one)}>
              {one.name}
            </button>
            <span>{one.text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Show the nodes that need it. */
function lookAt({ nodes }: Lacking): void {
  const there = nodes.filter((id) => id in current().nodes);
  select(there);
  if (there[0]) reveal(there[0]);
}

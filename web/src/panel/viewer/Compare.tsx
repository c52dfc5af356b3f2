import { viewAddress } from "../../server/client";
import { useJobs } from "../../store/job";
import { type Comparison, compareWith, sameFile, useViewer } from "../../store/viewer";
import { text } from "../../text";

const KINDS: readonly Comparison[] = ["one", "wipe", "side", "difference", "blink"];

/** Which picture this one is held against, and how. */
export function Compare() {
  const { picture, row, other, comparison } = useViewer();
  const past = useJobs((state) => state.past);
  const every = [...(other ? [other] : []), ...row, ...past.flatMap((job) => job.pictures)];
  const all = every.filter(
    (one, at) => !sameFile(one, picture) && every.findIndex((two) => sameFile(one, two)) === at,
  );
  if (all.length === 0) return null;
  return (
    <span className="bar-group viewer-compare">
      <select
        aria-label={text.viewer.pick}
        value={other ? viewAddress(other) : ""}
        onChange={(event) => compareWith(all.find((one) => viewAddress(one) === event.target.value) ?? null)}
      >
        <option value="">{text.viewer.pick}…</option>
        {all.map((one) => (
          <option key={viewAddress(one)} value={viewAddress(one)}>
            {one.filename}
          </option>
        ))}
      </select>
      {other &&
        KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            className="viewer-action"
            aria-pressed={comparison === kind}
            onClick={() => useViewer.setState({ comparison: kind })}
          >
            {text.viewer[kind]}
          </button>
        ))}
    </span>
  );
}

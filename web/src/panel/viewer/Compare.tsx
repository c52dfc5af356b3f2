import { viewAddress } from "../../server/client";
import { useJobs } from "../../store/job";
import { type Comparison, compareWith, sameFile, useViewer } from "../../store/viewer";
import { text } from "../../text";

export const KINDS: readonly Comparison[] = ["one", "wipe", "side", "difference", "blink"];

/** Which picture this one is held against, and how. */
export function Compare() {
  const { picture, row, other, comparison, cut, strong } = useViewer();
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
      {other && comparison === "wipe" && (
        <input
          type="range"
          className="viewer-slide"
          aria-label={text.viewer.cut}
          title={`${text.viewer.cut} ([ ])`}
          min={0}
          max={100}
          value={Math.round(cut * 100)}
          onChange={(event) => useViewer.setState({ cut: Number(event.target.value) / 100 })}
        />
      )}
      {other && comparison === "difference" && (
        <button
          type="button"
          className="viewer-action"
          title={`${text.viewer.strongTip} (D)`}
          aria-pressed={strong}
          onClick={() => useViewer.setState({ strong: !strong })}
        >
          {text.viewer.strong}
        </button>
      )}
    </span>
  );
}

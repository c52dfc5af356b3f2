import { useEffect, useState } from "react";
import { type NodeRun, useRun } from "../store/run";
import { useViewer } from "../store/viewer";
import { text } from "../text";
import { Failure } from "./Failure";
import { Said } from "./Said";
import { stateOf, whyOf } from "./state";

/** The key that shows a node in the viewer. */
export function SlotMark({ id }: { id: string }) {
  const keys = useViewer((state) =>
    Object.keys(state.bound)
      .filter((key) => state.bound[key] === id)
      .join(" "),
  );
  return keys ? (
    <kbd className="node-slot" title={text.command.view}>
      {keys}
    </kbd>
  ) : null;
}

/** The chip in the title bar that says how a node stands with its run. */
export function StateChip({ id }: { id: string }) {
  const run = useRun((state) => state.nodes[id]);
  if (!run) return null;
  return (
    <>
      <span className="node-chip" data-phase={run.phase} title={run.why || undefined}>
        {stateOf(run)}
      </span>
      {run.phase === "running" && <Bar run={run} />}
    </>
  );
}

function Bar({ run }: { run: NodeRun }) {
  const part = run.max > 1 ? run.value / run.max : null;
  return (
    <i
      className="node-bar"
      data-endless={part === null ? "" : undefined}
      style={{ transform: `scaleX(${part ?? 1})` }}
    />
  );
}

/**
 * What stands below a node: why it ran, how long it will take, what went wrong and what helps, or its preview; and the
 * words for which it has no room.
 */
export function Below({ id, words }: { id: string; words: boolean }) {
  const run = useRun((state) => state.nodes[id]);
  const preview = useRun((state) => state.previews[id]);
  const running = run?.phase === "running";
  const said = useRun((state) => words && Boolean(state.texts[id]));
  if (!run && !preview && !said) return null;
  return (
    <div className="node-below">
      {run?.failure ? (
        <Failure failure={run.failure} />
      ) : (
        <>
          {running && run.max > 1 && <Pace run={run} />}
          {!running && run && whyOf(run) && (
            <span className="node-why" title={run.why}>
              {whyOf(run)}
            </span>
          )}
        </>
      )}
      {run?.warning && (
        <p className="node-warning" role="status">
          {run.warning}
        </p>
      )}
      {said && <Said id={id} />}
      {preview && <img className="node-preview" src={preview} alt="" />}
    </div>
  );
}

/** Rate and time left; counted from when the first step was done, since that is when loading is over. */
function Pace({ run }: { run: NodeRun }) {
  const [first, setFirst] = useState<{ value: number; at: number } | null>(null);
  useEffect(() => {
    if (run.value > 0 && (!first || run.value < first.value))
      setFirst({ value: run.value, at: performance.now() });
  }, [run.value, first]);
  if (!first || run.value <= first.value) return null;
  const rate = ((run.value - first.value) * 1000) / Math.max(1, performance.now() - first.at);
  const left = (run.max - run.value) / rate;
  return (
    <span className="node-why">
      {text.run.rate(rate)} · {text.run.left(left)}
    </span>
  );
}

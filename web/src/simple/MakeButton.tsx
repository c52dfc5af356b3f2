import { commandOf } from "../command/commands";
import { Icon } from "../panel/Icon";
import { useDocument } from "../store/document";
import { isBusy, useJobs } from "../store/job";
import { type NodeRun, useRun } from "../store/run";
import { text } from "../text";
import { simple as say } from "../text/simple";

/** The one big button, and what keeps the picture from being made. */
export function MakeButton() {
  const busy = useJobs(isBusy);
  const any = useDocument((state) => Object.keys(state.history.document.nodes).length > 0);
  return (
    <footer className="simple-make">
      <Failures />
      {!busy && <Same />}
      <div className="simple-buttons">
        <button type="button" className="make-button" disabled={!any} onClick={commandOf("run").run}>
          <Icon name="play" />
          {busy ? say.again : say.make}
        </button>
        {busy && (
          <button
            type="button"
            className="make-cancel"
            aria-label={text.command.cancel}
            onClick={commandOf("cancel").run}
          >
            <Icon name="stop" />
          </button>
        )}
      </div>
    </footer>
  );
}

/** That a run had nothing to do, which would else look as if the button did nothing. */
function Same() {
  const same = useRun((state) => isSame(Object.values(state.nodes)));
  return same && <p className="simple-same">{say.same}</p>;
}

const isSame = (runs: readonly NodeRun[]): boolean =>
  runs.length > 0 && runs.every((one) => one.phase === "cached");

function Failures() {
  const nodes = useRun((state) => state.nodes);
  const failed = Object.entries(nodes).flatMap(([id, one]) => (one.failure ? [{ id, ...one.failure }] : []));
  return failed.map((one) => (
    <p key={one.id} className="simple-failure" role="alert">
      <strong>{one.problem}</strong> {one.remedy}
    </p>
  ));
}

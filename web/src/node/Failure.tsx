import { placeOf } from "../canvas/camera";
import { linkInto } from "../model/document";
import { handleOf, pull, socketOf } from "../model/hang";
import { type Remedy, remedies } from "../model/remedy";
import { run } from "../run/run";
import { complain } from "../server/complaint";
import { specs } from "../store/catalogue";
import { apply, current, useGraph } from "../store/document";
import { type Failure as Failed, setRun } from "../store/run";
import { show } from "../store/view";
import { text } from "../text";

/** What went wrong with a node, what helps, and buttons that do it. */
export function Failure({ failure }: { failure: Failed }) {
  const document = useGraph();
  const found = remedies(document, failure.node, failure.input, specs());
  return (
    <div className="node-failure" role="alert">
      <strong>
        {failure.input && !failure.remedy.startsWith(failure.input) && `${failure.input}: `}
        {failure.problem}
      </strong>
      {failure.remedy && <span>{failure.remedy}</span>}
      {found.length > 0 && (
        <div className="node-remedies nodrag">
          {found.map((remedy) => (
            <button
              key={wordsOf(remedy)}
              type="button"
              onClick={(event) => help(failure, remedy, event.currentTarget)}
            >
              {wordsOf(remedy)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function wordsOf(remedy: Remedy): string {
  switch (remedy.kind) {
    case "connect":
      return text.remedy.connect(remedy.output, remedy.title);
    case "add":
      return text.remedy.add(remedy.type);
    case "value":
      return text.remedy.value(remedy.name, String(remedy.value));
    case "cut":
      return text.remedy.cut;
    case "type":
      return text.remedy.type(remedy.type);
    case "again":
      return text.remedy.again;
  }
}

function help(failure: Failed, remedy: Remedy, button: HTMLElement): void {
  if (remedy.kind === "again") {
    run().catch(complain);
    return;
  }
  if (remedy.kind === "add") {
    search(failure, button);
    return;
  }
  apply(wordsOf(remedy), remedy.edit);
  setRun(failure.node, { phase: "waiting", failure: null });
}

/** Look for a node that gives what lacks; it is put to the left of the one that needs it. */
function search(failure: Failed, button: HTMLElement): void {
  const at = socketOf(failure.node, handleOf({ output: false, socket: failure.input }));
  const node = current().nodes[failure.node];
  if (!node || linkInto(current(), failure.node, failure.input)) return;
  const box = button.getBoundingClientRect();
  const screen = { x: box.left, y: box.bottom + 4 };
  const place = { x: node.x - 320, y: placeOf(screen).y - 120 };
  show({ adding: { screen, place, wire: pull(current(), at, specs(), false) } });
}

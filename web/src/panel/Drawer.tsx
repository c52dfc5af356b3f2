import { goToStep, useDocument } from "../store/document";
import { type Drawer as Name, show, useView } from "../store/view";
import { text } from "../text";
import { HistoryList } from "./HistoryList";
import { Icon } from "./Icon";
import { Outline } from "./Outline";
import { QueueList } from "./QueueList";

const TITLE: Record<Exclude<Name, null>, string> = {
  outline: text.command.outline,
  history: text.command.history,
  queue: text.command.queue,
  steps: text.command.steps,
};

/** The panel at the side. */
export function Drawer() {
  const drawer = useView((state) => state.drawer);
  if (!drawer) return null;
  return (
    <aside className="drawer panel" aria-label={TITLE[drawer]}>
      <header>
        <h2>{TITLE[drawer]}</h2>
        <button
          type="button"
          className="bar-button"
          aria-label={text.close}
          onClick={() => show({ drawer: null })}
        >
          <Icon name="close" />
        </button>
      </header>
      {drawer === "outline" && <Outline />}
      {drawer === "history" && <HistoryList />}
      {drawer === "queue" && <QueueList />}
      {drawer === "steps" && <Steps />}
    </aside>
  );
}

/** Everything that was done, to go back to any point and forth again. */
function Steps() {
  const { done, undone } = useDocument((state) => state.history);
  const all = [...done.map((step) => step.label), ...undone.map((step) => step.label).reverse()];
  if (all.length === 0) return <p className="drawer-none">{text.steps.empty}</p>;
  return (
    <ol className="steps">
      {[text.steps.start, ...all].map((label, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its place
        <li key={index}>
          <button
            type="button"
            aria-current={index === done.length ? "step" : undefined}
            data-undone={index > done.length ? "" : undefined}
            onClick={() => goToStep(index)}
          >
            {label}
          </button>
        </li>
      ))}
    </ol>
  );
}

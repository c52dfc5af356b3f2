import { useEffect, useRef, useState } from "react";
import { typeColor } from "../canvas/color";
import { nodeTitle } from "../command/title";
import { endsOf, type Socketed } from "../model/ends";
import { valueAt } from "../run/glance";
import { specs } from "../store/catalogue";
import { useGraph } from "../store/document";
import type { Facts } from "../store/glance";
import { useJobs } from "../store/job";
import { show } from "../store/view";
import { text } from "../text";
import { glance as say } from "../text/glance";
import { Icon } from "./Icon";
import { Value } from "./Value";

const close = (): void => show({ values: null });

/** All that went through the sockets of a node in its last run. */
export default function Values({ node }: { node: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const ends = endsOf(useGraph(), node, specs());
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    list.current?.focus();
  }, []);
  const title = say.title(nodeTitle(node));
  return (
    <dialog
      ref={dialog}
      className="library values"
      aria-label={title}
      onClose={close}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header>
        <h2>{title}</h2>
        <button type="button" className="bar-button" aria-label={text.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it by keys */}
      <div ref={list} className="values-list" tabIndex={0}>
        {ends.length === 0 && <p className="drawer-none">{say.none}</p>}
        <Part title={say.inputs} ends={ends.filter((one) => !one.output)} />
        <Part title={say.outputs} ends={ends.filter((one) => one.output)} />
      </div>
    </dialog>
  );
}

function Part({ title, ends }: { title: string; ends: readonly Socketed[] }) {
  if (ends.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul>
        {ends.map((one) => (
          <Entry key={one.name} end={one} />
        ))}
      </ul>
    </section>
  );
}

function Entry({ end }: { end: Socketed }) {
  const [facts, setFacts] = useState<Facts | "asking" | "unrun">("asking");
  const key = JSON.stringify(end.source);
  // What was not there yet may be when a run has ended.
  const past = useJobs((state) => state.past);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew after each run
  useEffect(() => {
    let here = true;
    void valueAt(JSON.parse(key)).then((found) => here && setFacts(found));
    return () => {
      here = false;
    };
  }, [key, past]);
  const words = end.output ? say.to : say.from;
  return (
    <li className="values-entry">
      <header>
        <i className="type-dot" style={{ background: typeColor(end.type) }} />
        <b>{end.name}</b>
        <small>{end.type.split(",").join(", ")}</small>
        <small>{end.others.map((one) => words(nodeTitle(one.node), one.name)).join(", ")}</small>
      </header>
      <Value facts={facts} />
    </li>
  );
}

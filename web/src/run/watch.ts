import type { Document, Drawing } from "../model/document";
import { whole } from "../model/focus";
import { type Json, toWire } from "../model/value";
import { complain } from "../server/complaint";
import { current, useDocument } from "../store/document";
import { useJobs } from "../store/job";
import { jobsHere } from "../store/tab";
import { run } from "./run";

const REST = 500;

/**
 * Where it is asked for, run the document whenever something changed that its results depend on. What is changed
 * while a run of it goes on is run when that is over, once.
 */
export function watch(): void {
  let last = "";
  let timer = 0;
  const look = async () => {
    const now = whatRuns(current());
    if (now === last || isRunning()) return;
    last = now;
    await run({ unasked: true }).catch(complain);
    // New seeds for the next run are no wish to run at once.
    last = whatRuns(current());
  };
  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), REST);
  };
  useJobs.subscribe((state, before) => {
    if (!state.onChange) return clearTimeout(timer);
    if (!before.onChange) last = whatRuns(current());
    else if (state.queue !== before.queue) soon();
  });
  useDocument.subscribe((state, before) => {
    if (!useJobs.getState().onChange || state.history.document === before.history.document) return;
    // Another document that comes to the front was not changed by that.
    if (state.tab === before.tab) return soon();
    clearTimeout(timer);
    last = whatRuns(current());
  });
}

/** Whether a run of the document in front runs or waits. */
function isRunning(): boolean {
  const own = new Set(jobsHere());
  return useJobs.getState().queue.some((job) => own.has(job.id));
}

/** All of a document that its results depend on: not where nodes stand, how they look, nor from where one looks. */
export function whatRuns(document: Document): string {
  const outer = whole(document);
  const inner = Object.values(outer.subgraphs).map((one): Json => [one.id, drawn(one.drawing)]);
  return JSON.stringify([drawn(outer), inner]);
}

function drawn({ nodes, links }: Drawing): Json {
  return [
    Object.values(nodes).map((node): Json => [node.id, node.type, node.mode, toWire(node.values)]),
    Object.values(links).map((link): Json => [link.from, link.slot, link.to, link.input]),
  ];
}

import type { Document } from "../model/document";
import { type Json, toWire } from "../model/value";
import { current, useDocument } from "../store/document";
import { useJobs } from "../store/job";
import { tell } from "../store/notice";
import { text } from "../text";
import { run } from "./run";

const REST = 500;

/** Where it is asked for, run the document whenever something changed that its results depend on. */
export function watch(): void {
  let last = "";
  let timer = 0;
  const look = async () => {
    const now = whatRuns(current());
    if (now === last) return;
    last = now;
    await run().catch((problem: Error) => tell(text.server.failed(problem.message), "problem"));
    // New seeds for the next run are no wish to run at once.
    last = whatRuns(current());
  };
  useJobs.subscribe((state, before) => {
    if (state.onChange && !before.onChange) last = whatRuns(current());
  });
  useDocument.subscribe((state, before) => {
    if (!useJobs.getState().onChange || state.history.document === before.history.document) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), REST);
  });
}

/** All of a document that its results depend on: not where nodes stand, nor how they look. */
export function whatRuns(document: Document): string {
  const nodes = Object.values(document.nodes).map(
    (node): Json => [node.id, node.type, node.mode, toWire(node.values)],
  );
  const links = Object.values(document.links).map(
    (link): Json => [link.from, link.slot, link.to, link.input],
  );
  return JSON.stringify([nodes, links]);
}

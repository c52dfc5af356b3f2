import type { Document } from "./document";

/** One change that can be undone. */
export interface Step {
  readonly label: string;
  readonly before: Document;
  readonly key: string;
  readonly at: number;
}

/** What was done, and what was undone and can be done again. Documents are never changed, so a step is one reference. */
export interface History {
  readonly document: Document;
  readonly done: readonly Step[];
  readonly undone: readonly (Omit<Step, "before"> & { after: Document })[];
}

const LIMIT = 500;
const PAUSE = 800;

export const begin = (document: Document): History => ({ document, done: [], undone: [] });

/**
 * Note a change. Changes with one key are one step: those of a gesture (a key that begins with `!`) always, others
 * while no pause is between them.
 */
export function record(
  history: History,
  document: Document,
  label: string,
  key: string,
  at: number,
): History {
  if (document === history.document) return history;
  const last = history.done.at(-1);
  const joined = last && key !== "" && last.key === key && (key.startsWith("!") || at - last.at < PAUSE);
  const step: Step = joined ? { ...last, at } : { label, before: history.document, key, at };
  const done = joined ? [...history.done.slice(0, -1), step] : [...history.done, step].slice(-LIMIT);
  return { document, done, undone: [] };
}

export function undo(history: History): History {
  const step = history.done.at(-1);
  if (!step) return history;
  const { before, ...rest } = step;
  return {
    document: before,
    done: history.done.slice(0, -1),
    undone: [...history.undone, { ...rest, key: "", after: history.document }],
  };
}

export function redo(history: History): History {
  const step = history.undone.at(-1);
  if (!step) return history;
  const { after, ...rest } = step;
  return {
    document: after,
    done: [...history.done, { ...rest, before: history.document }],
    undone: history.undone.slice(0, -1),
  };
}

/** Go back or forth until so many steps are done. */
export function goTo(history: History, count: number): History {
  let current = history;
  while (current.done.length > count) current = undo(current);
  while (current.done.length < count && current.undone.length > 0) current = redo(current);
  return current;
}

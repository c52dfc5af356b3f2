import { create } from "zustand";
import { type Document, EMPTY, type GraphNode } from "../model/document";
import type { Edit } from "../model/edit";
import { isSameDocument, look } from "../model/focus";
import { begin, goTo, type History, record, redo, undo } from "../model/history";

interface State {
  /** The tab that it is open in. */
  readonly tab: string;
  /** Where it is among the saved workflows, without its ending; empty for what was not saved there. */
  readonly place: string;
  /** What the document is called: the file's name without its ending. */
  readonly name: string;
  readonly history: History;
  /** The document as it was opened or last saved. */
  readonly saved: Document;
}

/** The document that is open, and what was done to it. */
export const useDocument = create<State>(() => ({
  tab: crypto.randomUUID(),
  place: "",
  name: "",
  history: begin(EMPTY),
  saved: EMPTY,
}));

export const current = (): Document => useDocument.getState().history.document;

/** Whether it differs from what was opened or last saved. */
export const isChanged = ({ history, saved }: Pick<State, "history" | "saved">): boolean =>
  !isSameDocument(history.document, saved);

/** Change the document. Changes with one key belong together: typing, or a gesture (a key that begins with `!`). */
export function apply(label: string, edit: Edit, key = ""): void {
  useDocument.setState(({ history }) => {
    const next = record(history, edit(history.document), label, key, performance.now());
    return next === history ? {} : { history: next };
  });
}

/** Look into the subgraph to which a way of nodes leads, or from outside: no change, and nothing to undo. */
export const lookInto = (path: readonly string[]): void =>
  useDocument.setState(({ history, saved }) => {
    const document = look(history.document, path);
    return { history: { ...history, document }, saved: saved === history.document ? document : saved };
  });

export const undoStep = (): void => useDocument.setState(({ history }) => ({ history: undo(history) }));
export const redoStep = (): void => useDocument.setState(({ history }) => ({ history: redo(history) }));
export const goToStep = (count: number): void =>
  useDocument.setState(({ history }) => ({ history: goTo(history, count) }));

/** One node; a component that takes this is drawn again only when that node changes. */
export const useNode = (id: string): GraphNode | undefined =>
  useDocument((state) => state.history.document.nodes[id]);

export const useGraph = (): Document => useDocument((state) => state.history.document);

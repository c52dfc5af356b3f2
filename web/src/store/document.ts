import { create } from "zustand";
import { type Document, EMPTY, type GraphNode } from "../model/document";
import type { Edit } from "../model/edit";
import { begin, goTo, type History, record, redo, undo } from "../model/history";

interface State {
  /** What the document is called: the file's name without its ending. */
  readonly name: string;
  readonly history: History;
  /** The document as it was opened or last saved. */
  readonly saved: Document;
}

/** The document that is open, and what was done to it. */
export const useDocument = create<State>(() => ({ name: "", history: begin(EMPTY), saved: EMPTY }));

export const current = (): Document => useDocument.getState().history.document;

export const open = (document: Document, name: string): void =>
  useDocument.setState({ name, history: begin(document), saved: document });

/** Change the document. Changes with one key belong together: typing, or a gesture (a key that begins with `!`). */
export function apply(label: string, edit: Edit, key = ""): void {
  useDocument.setState(({ history }) => {
    const next = record(history, edit(history.document), label, key, performance.now());
    return next === history ? {} : { history: next };
  });
}

export const undoStep = (): void => useDocument.setState(({ history }) => ({ history: undo(history) }));
export const redoStep = (): void => useDocument.setState(({ history }) => ({ history: redo(history) }));
export const goToStep = (count: number): void =>
  useDocument.setState(({ history }) => ({ history: goTo(history, count) }));

/** One node; a component that takes this is drawn again only when that node changes. */
export const useNode = (id: string): GraphNode | undefined =>
  useDocument((state) => state.history.document.nodes[id]);

export const useGraph = (): Document => useDocument((state) => state.history.document);

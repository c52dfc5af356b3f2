import { fromNamed, type Named, toNamed } from "../model/file";
import { useDocument } from "../store/document";
import { openDocument } from "./document";

const NAME = "safelight";
const STORE = "documents";
const KEY = "open";
const REST = 400;

interface Kept {
  readonly name: string;
  readonly document: Named;
}

/** The browser's own store: it holds what is open, so that closing or losing the window loses nothing. */
function database(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const opened = await database();
  return new Promise((done, fail) => {
    const asked = act(opened.transaction(STORE, mode).objectStore(STORE));
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

/** Open what was open before; tells whether there was anything. From then on, every change is kept. */
export async function restore(): Promise<boolean> {
  keep();
  const kept = (await inStore("readonly", (store) => store.get(KEY)).catch(() => undefined)) as
    | Kept
    | undefined;
  if (!kept || kept.document.nodes.length === 0) return false;
  openDocument(fromNamed(kept.document), kept.name);
  return true;
}

function keep(): void {
  let timer = 0;
  const write = () => {
    const { name, history } = useDocument.getState();
    void inStore("readwrite", (store) => store.put({ name, document: toNamed(history.document) }, KEY)).catch(
      () => undefined,
    );
  };
  useDocument.subscribe((state, before) => {
    if (state.history.document === before.history.document && state.name === before.name) return;
    clearTimeout(timer);
    timer = window.setTimeout(write, REST);
  });
  addEventListener("pagehide", write);
}

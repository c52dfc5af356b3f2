import { type Document, EMPTY } from "../model/document";
import { fromNamed, type Named, toNamed } from "../model/file";
import { specs } from "../store/catalogue";
import { useDocument } from "../store/document";
import {
  allTabs,
  front,
  goToTab,
  lastJob,
  openTab,
  ownJob,
  type Tab,
  tabChanged,
  useTabs,
} from "../store/tab";

const NAME = "safelight";
const STORE = "documents";
const REST = 400;
/** Whatever goes on, no change waits for longer. */
const LONGEST = 3000;
const PATIENCE = 400;

/** A tab as the browser keeps it. */
interface Kept {
  readonly id: string;
  readonly at: number;
  readonly active: boolean;
  readonly name: string;
  readonly place: string;
  readonly changed: boolean;
  /** What it sent last, of which the pictures are shown again. */
  readonly job: string | null;
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
  const all = (await inStore("readonly", (store) => store.getAll()).catch(() => [])) as Kept[];
  const free = await Promise.all(all.map((one) => claim(one.id)));
  const mine = all.filter((one, index) => free[index] && one.document.nodes.length > 0);
  for (const one of mine.sort((a, b) => a.at - b.at)) {
    const { id, name, place, changed, job } = one;
    if (job && lastJob(id) === null) ownJob(job, id);
    openTab({ name, place, changed, document: fromNamed(one.document) }, id);
  }
  const active = mine.find((one) => one.active);
  if (active) goToTab(active.id);
  keep();
  return mine.length > 0;
}

const claimed = new Set<string>();

/** Take a tab for this window, for as long as it is open; false while another window has it. */
async function claim(id: string): Promise<boolean> {
  if (claimed.has(id)) return true;
  claimed.add(id);
  // Without leave for locks (a page that is not on this machine nor encrypted) windows share what they keep.
  if (!navigator.locks) return true;
  return new Promise((done) => {
    navigator.locks
      .request(`safelight tab ${id}`, { signal: AbortSignal.timeout(PATIENCE) }, () => {
        done(true);
        return new Promise(() => undefined);
      })
      .catch(() => {
        claimed.delete(id);
        done(false);
      });
  });
}

function write(tab: Tab, at: number, active: boolean): void {
  void claim(tab.id);
  const { id, name, place, history } = tab;
  const document = toNamed(history.document, specs());
  const kept: Kept = { id, at, active, name, place, changed: tabChanged(tab), job: lastJob(id), document };
  void inStore("readwrite", (store) => store.put(kept, id)).catch(() => undefined);
}

function keep(): void {
  let timer = 0;
  let since = 0;
  const kept = new Map<string, { document: Document; words: string }>();
  const now = () => {
    clearTimeout(timer);
    since = 0;
    const active = front().id;
    const tabs = allTabs();
    for (const [at, tab] of tabs.entries()) {
      const document = tab.history.document;
      const words = JSON.stringify([
        at,
        tab.id === active,
        tab.name,
        tab.place,
        tabChanged(tab),
        lastJob(tab.id),
      ]);
      const before = kept.get(tab.id);
      if (before?.document === document && before.words === words) continue;
      if (!before && document === EMPTY) continue;
      kept.set(tab.id, { document, words });
      write(tab, at, tab.id === active);
    }
    for (const id of kept.keys()) {
      if (tabs.some((one) => one.id === id)) continue;
      kept.delete(id);
      void inStore("readwrite", (store) => store.delete(id)).catch(() => undefined);
    }
  };
  const soon = () => {
    clearTimeout(timer);
    since ||= performance.now();
    timer = window.setTimeout(now, Math.min(REST, since + LONGEST - performance.now()));
  };
  useDocument.subscribe(soon);
  // Who runs something and leaves at once finds it again: that is kept without delay.
  useTabs.subscribe(({ owners }, before) => (owners === before.owners ? soon() : now()));
  addEventListener("pagehide", now);
  soon();
}

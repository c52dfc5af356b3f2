import { create } from "zustand";
import { type Document, EMPTY } from "../model/document";
import type { Edit } from "../model/edit";
import { begin, type History, record } from "../model/history";
import { apply, isChanged, useDocument } from "./document";
import { calm } from "./notice";
import { forgetRun, lookAtRuns, useRun } from "./run";
import { selectNothing } from "./selection";
import { show } from "./view";

type Ran = ReturnType<typeof useRun.getState>["all"];

/** An open document that is not in front: with all that can be undone, and what its nodes showed. */
export interface Tab {
  readonly id: string;
  readonly name: string;
  readonly place: string;
  readonly history: History;
  readonly saved: Document;
  readonly ran: Ran;
}

interface State {
  /** All tabs in their order; that of the document in front is as it was when it came there. */
  readonly tabs: readonly Tab[];
  /** By job: the tab that sent it. */
  readonly owners: Readonly<Record<string, string>>;
}

const NOTHING: Ran = { nodes: {}, pictures: {}, texts: {}, previews: {} };

const OWNERS = "safelight.owners";
const REMEMBERED = 100;

/** The open documents. */
export const useTabs = create<State>(() => ({ tabs: [], owners: ownersBefore() }));

export interface Opened {
  readonly name: string;
  readonly place: string;
  readonly document: Document;
  /** Whether it differs from the file that it came from. */
  readonly changed: boolean;
}

/** The tab in front, as it is now. */
export function front(): Tab {
  const { tab: id, name, place, history, saved } = useDocument.getState();
  // A preview is given up with the sight of it.
  const ran = { ...useRun.getState().all, previews: {} };
  return { id, name, place, history, saved, ran };
}

const make = ({ name, place, document, changed }: Opened, id: string): Tab => ({
  id,
  name,
  place,
  history: begin(document),
  // What was changed before it came here equals nothing that was saved.
  saved: changed ? { ...document, kept: { ...document.kept } } : document,
  ran: NOTHING,
});

/** All tabs as they are now. */
export const allTabs = (): Tab[] => {
  const now = front();
  return useTabs.getState().tabs.map((one) => (one.id === now.id ? now : one));
};

/** Whether a tab holds nothing that could be missed. */
const isBlank = ({ history, name }: Tab): boolean =>
  history.document === EMPTY && history.done.length === 0 && name === "";

/** Open a document: in a new tab, or in that in front while there is nothing in it. */
export function openTab(opened: Opened, id: string = crypto.randomUUID()): void {
  const tabs = allTabs();
  const at = tabs.findIndex((one) => one.id === front().id);
  const made = make(opened, id);
  const here = tabs[at];
  if (here && isBlank(here)) tabs[at] = made;
  else tabs.splice(at + 1, 0, made);
  useTabs.setState({ tabs });
  bring(made);
}

/** Bring a tab to the front. */
export function goToTab(id: string): void {
  if (id === front().id) return;
  const tabs = allTabs();
  const tab = tabs.find((one) => one.id === id);
  if (!tab) return;
  useTabs.setState({ tabs });
  bring(tab);
}

function bring(tab: Tab): void {
  const { id, name, place, history, saved, ran } = tab;
  forgetRun();
  selectNothing();
  // What was said of another document is not true of this one.
  calm();
  useDocument.setState({ tab: id, name, place, history, saved });
  useRun.setState({ all: ran });
  lookAtRuns(history.document.path);
  show({ fitting: Date.now() });
}

/** Go so many tabs to the right, or to the left. */
export function stepTab(by: number): void {
  const { tabs } = useTabs.getState();
  const at = tabs.findIndex((one) => one.id === front().id);
  const next = tabs[(at + by + tabs.length) % tabs.length];
  if (next) goToTab(next.id);
}

/** Close a tab, whatever is in it. An empty one takes the place of the last. */
export function dropTab(id: string): void {
  const tabs = allTabs();
  const at = tabs.findIndex((one) => one.id === id);
  const left = tabs.filter((one) => one.id !== id);
  if (left.length === 0)
    left.push(make({ name: "", place: "", document: EMPTY, changed: false }, crypto.randomUUID()));
  useTabs.setState({ tabs: left });
  const next = left[Math.min(Math.max(at, 0), left.length - 1)];
  if (id === front().id && next) bring(next);
}

/** Change the document of a tab, whether it is in front or not. */
export function applyIn(id: string, label: string, edit: Edit, key = ""): void {
  if (id === front().id) {
    apply(label, edit, key);
    return;
  }
  const changed = (tab: Tab): Tab => ({
    ...tab,
    history: record(tab.history, edit(tab.history.document), label, key, performance.now()),
  });
  useTabs.setState(({ tabs }) => ({ tabs: tabs.map((one) => (one.id === id ? changed(one) : one)) }));
}

export const tabChanged = (tab: Tab): boolean => isChanged(tab);

/** Remember that a job belongs to the document in front, or to that of another tab, also after a reload. */
export function ownJob(job: string, tab = useDocument.getState().tab): void {
  useTabs.setState(({ owners }) => ({ owners: { ...owners, [job]: tab } }));
  const recent = Object.entries(useTabs.getState().owners).slice(-REMEMBERED);
  sessionStorage.setItem(OWNERS, JSON.stringify(Object.fromEntries(recent)));
}

function ownersBefore(): State["owners"] {
  try {
    return JSON.parse(sessionStorage.getItem(OWNERS) ?? "{}") as State["owners"];
  } catch {
    return {};
  }
}

/** Whether a job belongs to a document that is not in front. */
export function isElsewhere(job: string): boolean {
  const owner = useTabs.getState().owners[job];
  return owner !== undefined && owner !== useDocument.getState().tab;
}

/** The jobs that the document in front sent, or that of another tab, the last of them at the end. */
export function jobsHere(tab = useDocument.getState().tab): string[] {
  return Object.entries(useTabs.getState().owners).flatMap(([job, owner]) => (owner === tab ? [job] : []));
}

/** The last job that the document in front sent, or that of another tab; null where it sent none. */
export const lastJob = (tab?: string): string | null => jobsHere(tab).at(-1) ?? null;

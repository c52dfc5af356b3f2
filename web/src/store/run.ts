import { create } from "zustand";

export type Phase = "waiting" | "running" | "cached" | "done" | "failed";

/** A picture or film that the server can give. */
export interface Picture {
  readonly filename: string;
  readonly subfolder: string;
  readonly type: string;
}

export interface Failure {
  readonly node: string;
  readonly problem: string;
  readonly remedy: string;
  readonly input: string;
}

export interface NodeRun {
  readonly phase: Phase;
  readonly value: number;
  readonly max: number;
  readonly started: number;
  readonly seconds: number | null;
  readonly why: string;
  /** What the node warned of while it ran. */
  readonly warning: string;
  readonly failure: Failure | null;
}

/** By node id. */
interface Runs {
  /** What the last run of each node came to. */
  readonly nodes: Readonly<Record<string, NodeRun>>;
  /** What each showed last. Undo does not take it away. */
  readonly pictures: Readonly<Record<string, readonly Picture[]>>;
  readonly texts: Readonly<Record<string, string>>;
  /** The address of the preview that is shown while it runs. */
  readonly previews: Readonly<Record<string, string>>;
}

interface State extends Runs {
  /** The same of all nodes, also those in subgraphs, by the way to them (`5:12`). */
  readonly all: Runs;
}

const NOTHING: Runs = { nodes: {}, pictures: {}, texts: {}, previews: {} };

/** What the nodes that one looks at do; a subgraph does what is done within. */
export const useRun = create<State>(() => ({ ...NOTHING, all: NOTHING }));

/** The way to the subgraph that one looks into, as ids begin with it. */
let prefix = "";

/** Show what the nodes of another drawing do. */
export function lookAtRuns(path: readonly string[]): void {
  prefix = path.map((id) => `${id}:`).join("");
  change({});
}

function change(part: Partial<Runs>): void {
  useRun.setState((state) => {
    const all = { ...state.all, ...part };
    return {
      all,
      nodes: seen(all.nodes, state.nodes, together),
      pictures: seen(all.pictures, state.pictures, (lists) => lists.flat()),
      texts: seen(all.texts, state.texts, (texts) => texts.at(-1) ?? ""),
      previews: seen(all.previews, state.previews, (previews) => previews.at(-1) ?? ""),
    };
  });
}

/** What is known of the nodes in view: their own, and for a subgraph what is known of those within. */
function seen<T>(
  all: Readonly<Record<string, T>>,
  before: Readonly<Record<string, T>>,
  join: (inner: T[], own: T | undefined) => T,
): Record<string, T> {
  const found: Record<string, T> = {};
  const inner = new Map<string, T[]>();
  for (const [id, one] of Object.entries(all)) {
    if (!id.startsWith(prefix)) continue;
    const [own = "", ...way] = id.slice(prefix.length).split(":");
    if (way.length === 0) found[own] = one;
    else inner.set(own, [...(inner.get(own) ?? []), one]);
  }
  for (const [id, list] of inner) {
    const joined = join(list, found[id]);
    const was = before[id];
    found[id] = was !== undefined && JSON.stringify(was) === JSON.stringify(joined) ? was : joined;
  }
  return found;
}

/** How a subgraph stands with its run: it is done when all within is, and fails with the first that fails. */
function together(inner: NodeRun[], own: NodeRun | undefined): NodeRun {
  const failed = own?.failure ? own : inner.find((one) => one.phase === "failed");
  if (failed) return failed;
  const running = inner.find((one) => one.phase === "running");
  if (running) return running;
  const cached = inner.every((one) => one.phase === "cached");
  if (cached) return { ...FRESH, phase: "cached" };
  const waiting = inner.every((one) => one.phase === "waiting");
  const warning = inner.map((one) => one.warning).find(Boolean) ?? "";
  const seconds = inner.reduce((sum, one) => sum + (one.seconds ?? 0), 0);
  return { ...FRESH, phase: waiting ? "waiting" : "done", seconds, warning };
}

const FRESH: NodeRun = {
  phase: "waiting",
  value: 0,
  max: 0,
  started: 0,
  seconds: null,
  why: "",
  warning: "",
  failure: null,
};

const all = (): Runs => useRun.getState().all;

export const setRun = (id: string, part: Partial<NodeRun>): void => setRuns([id], part);

export function setRuns(ids: Iterable<string>, part: Partial<NodeRun>): void {
  const nodes = { ...all().nodes };
  for (const id of ids) nodes[id] = { ...(nodes[id] ?? FRESH), ...part };
  change({ nodes });
}

export const replaceRuns = (nodes: Record<string, Partial<NodeRun>>): void =>
  change({
    nodes: Object.fromEntries(Object.entries(nodes).map(([id, one]) => [id, { ...FRESH, ...one }])),
  });

export const setPictures = (id: string, pictures: readonly Picture[]): void =>
  change({ pictures: { ...all().pictures, [id]: pictures } });

export const setTextOf = (id: string, text: string): void =>
  change({ texts: { ...all().texts, [id]: text } });

export function setPreview(id: string, picture: Blob | null): void {
  const { [id]: old, ...rest } = all().previews;
  if (old) URL.revokeObjectURL(old);
  if (old || picture) change({ previews: picture ? { ...rest, [id]: URL.createObjectURL(picture) } : rest });
}

export function forgetRun(): void {
  for (const address of Object.values(all().previews)) URL.revokeObjectURL(address);
  change(NOTHING);
}

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
  readonly failure: Failure | null;
}

interface State {
  /** By node id: what its last run came to. */
  readonly nodes: Readonly<Record<string, NodeRun>>;
  /** By node id: what it showed last. Undo does not take it away. */
  readonly pictures: Readonly<Record<string, readonly Picture[]>>;
  readonly texts: Readonly<Record<string, string>>;
  /** By node id: the address of the preview that is shown while it runs. */
  readonly previews: Readonly<Record<string, string>>;
}

/** What the nodes of the open document do. */
export const useRun = create<State>(() => ({ nodes: {}, pictures: {}, texts: {}, previews: {} }));

const FRESH: NodeRun = {
  phase: "waiting",
  value: 0,
  max: 0,
  started: 0,
  seconds: null,
  why: "",
  failure: null,
};

export const setRun = (id: string, change: Partial<NodeRun>): void =>
  useRun.setState(({ nodes }) => ({ nodes: { ...nodes, [id]: { ...(nodes[id] ?? FRESH), ...change } } }));

export const setRuns = (ids: Iterable<string>, change: Partial<NodeRun>): void =>
  useRun.setState(({ nodes }) => {
    const next = { ...nodes };
    for (const id of ids) next[id] = { ...(nodes[id] ?? FRESH), ...change };
    return { nodes: next };
  });

export const replaceRuns = (nodes: Record<string, Partial<NodeRun>>): void =>
  useRun.setState({
    nodes: Object.fromEntries(Object.entries(nodes).map(([id, one]) => [id, { ...FRESH, ...one }])),
  });

export const setPictures = (id: string, pictures: readonly Picture[]): void =>
  useRun.setState((state) => ({ pictures: { ...state.pictures, [id]: pictures } }));

export const setTextOf = (id: string, text: string): void =>
  useRun.setState((state) => ({ texts: { ...state.texts, [id]: text } }));

export function setPreview(id: string, picture: Blob | null): void {
  useRun.setState(({ previews }) => {
    const { [id]: old, ...rest } = previews;
    if (old) URL.revokeObjectURL(old);
    return { previews: picture ? { ...rest, [id]: URL.createObjectURL(picture) } : rest };
  });
}

export function forgetRun(): void {
  for (const address of Object.values(useRun.getState().previews)) URL.revokeObjectURL(address);
  useRun.setState({ nodes: {}, pictures: {}, texts: {}, previews: {} });
}

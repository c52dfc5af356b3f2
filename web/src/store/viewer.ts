import { create } from "zustand";
import type { Picture } from "./run";

export type Comparison = "one" | "wipe" | "side" | "difference" | "blink";

/** What of a picture is shown: its colours, one channel alone, or its mask over it. */
export type Channel = "all" | "red" | "green" | "blue" | "alpha" | "mask";

interface State {
  readonly picture: Picture | null;
  /** The pictures that arrow keys walk through. */
  readonly row: readonly Picture[];
  readonly other: Picture | null;
  /** The one that was looked at last, after the viewer was closed. */
  readonly last: Picture | null;
  readonly comparison: Comparison;
  /** Where a wipe ends the picture and begins the other, 0 to 1. */
  readonly cut: number;
  /** Whether a difference is shown stronger than it is. */
  readonly strong: boolean;
  readonly channel: Channel;
  /** By key, 1 to 9: the node that it shows. */
  readonly bound: Readonly<Record<string, string>>;
}

/** The picture that is looked at, and the one beside it. */
export const useViewer = create<State>(() => ({
  picture: null,
  row: [],
  other: null,
  last: null,
  comparison: "one",
  cut: 0.5,
  strong: false,
  channel: "all",
  bound: {},
}));

export const view = (picture: Picture, row: readonly Picture[]): void =>
  useViewer.setState({ picture, row, other: null, comparison: "one", channel: "all" });

export const closeViewer = (): void =>
  useViewer.setState(({ picture, last }) => ({
    picture: null,
    other: null,
    row: [],
    comparison: "one",
    last: picture ?? last,
  }));

/** Hold the picture against another; without one, show it alone. */
export const compareWith = (other: Picture | null): void =>
  useViewer.setState(({ comparison }) => ({
    other,
    comparison: other ? (comparison === "one" ? "wipe" : comparison) : "one",
  }));

export const bind = (key: string, node: string): void =>
  useViewer.setState(({ bound }) => ({ bound: { ...bound, [key]: node } }));

export const sameFile = (one: Picture | null, other: Picture | null): boolean =>
  one !== null &&
  other !== null &&
  one.filename === other.filename &&
  one.subfolder === other.subfolder &&
  one.type === other.type;

export function step(by: number): void {
  const { picture, row } = useViewer.getState();
  const at = row.findIndex((one) => sameFile(one, picture));
  const next = row[at + by];
  if (next) useViewer.setState({ picture: next });
}

import { create } from "zustand";
import type { Picture } from "./run";

export type Comparison = "one" | "wipe" | "side" | "difference";

interface State {
  readonly picture: Picture | null;
  /** The pictures that arrow keys walk through. */
  readonly row: readonly Picture[];
  readonly other: Picture | null;
  readonly comparison: Comparison;
}

/** The picture that is looked at, and the one beside it. */
export const useViewer = create<State>(() => ({ picture: null, row: [], other: null, comparison: "one" }));

export const view = (picture: Picture, row: readonly Picture[]): void =>
  useViewer.setState({ picture, row, other: null, comparison: "one" });

export const closeViewer = (): void =>
  useViewer.setState({ picture: null, other: null, row: [], comparison: "one" });

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

import { create } from "zustand";
import { current } from "./document";

interface State {
  readonly nodes: ReadonlySet<string>;
  readonly frames: ReadonlySet<string>;
  readonly links: ReadonlySet<number>;
  /** Reroute points. */
  readonly points: ReadonlySet<number>;
}

const NOTHING: State = { nodes: new Set(), frames: new Set(), links: new Set(), points: new Set() };

/** What is chosen on the canvas. It is no part of the document and not undone. */
export const useSelection = create<State>(() => NOTHING);

export const select = (
  nodes: Iterable<string>,
  frames: Iterable<string> = [],
  links: Iterable<number> = [],
  points: Iterable<number> = [],
): void =>
  useSelection.setState({
    nodes: new Set(nodes),
    frames: new Set(frames),
    links: new Set(links),
    points: new Set(points),
  });

export const selectNothing = (): void => useSelection.setState(NOTHING);

/** The chosen nodes that are still there, in no order. */
export const chosen = (): string[] =>
  [...useSelection.getState().nodes].filter((id) => id in current().nodes);
export const chosenFrames = (): string[] =>
  [...useSelection.getState().frames].filter((id) => id in current().frames);
export const chosenLinks = (): number[] =>
  [...useSelection.getState().links].filter((id) => id in current().links);

export const chosenPoints = (): number[] =>
  [...useSelection.getState().points].filter((id) => id in current().points);

/** Let go of reroute points, as something else is chosen or nothing. */
export const dropPoints = (): void => {
  if (useSelection.getState().points.size > 0) useSelection.setState({ points: new Set() });
};

/** Take something in or out, and leave the rest as it is. */
export function choose(kind: "nodes" | "frames", id: string, wanted: boolean): void {
  useSelection.setState((state) => {
    if (state[kind].has(id) === wanted) return {};
    const next = new Set(state[kind]);
    if (wanted) next.add(id);
    else next.delete(id);
    return { [kind]: next };
  });
}

export function chooseLink(id: number, wanted: boolean): void {
  useSelection.setState((state) => {
    const next = new Set(state.links);
    if (wanted) next.add(id);
    else next.delete(id);
    return { links: next };
  });
}

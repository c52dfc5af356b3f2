import { create } from "zustand";
import type { Point } from "../model/edit";
import type { Hanging } from "../model/hang";
import { type Theme, themeOf } from "../model/theme";
import type { Picture } from "./run";

export type Drawer = "outline" | "history" | "queue" | "steps" | null;

/** The search for a node to add: where it is shown, where the node goes, which wire waits for it. */
export interface Adding {
  readonly screen: Point;
  readonly place: Point;
  readonly wire: Hanging | null;
  /** Whether it goes where there is room, for one who does not point. */
  readonly clear?: boolean;
}

export interface Menu {
  readonly screen: Point;
  readonly place: Point;
  readonly target:
    | { kind: "canvas" }
    | { kind: "node"; id: string; input?: string | undefined }
    | { kind: "frame"; id: string }
    | { kind: "link"; id: number; point?: number | undefined }
    | { kind: "picture"; picture: Picture; row: readonly Picture[]; node: string };
}

interface State {
  readonly theme: Theme;
  /** So far away that nodes are boxes. */
  readonly far: boolean;
  readonly drawer: Drawer;
  readonly adding: Adding | null;
  /** The node that is being connected from a list, and at which of its sockets. */
  readonly connecting: { readonly node: string; readonly wire: Hanging | null } | null;
  readonly commands: boolean;
  readonly finding: boolean;
  /** The node of which is shown what went through its sockets. */
  readonly values: string | null;
  /** Whether the list of all keys is shown. */
  readonly shortcuts: boolean;
  readonly menu: Menu | null;
  readonly minimap: boolean;
  readonly renaming: string | null;
  /** The subgraph that is being given another name. */
  readonly subgraph: string | null;
  /** When the whole graph was last asked to be shown. */
  readonly fitting: number;
}

const THEME = "safelight.theme";

const MAP = "safelight.map";

const systemIsLight = matchMedia("(prefers-color-scheme: light)");
const preferred = (): Theme => themeOf(localStorage.getItem(THEME), systemIsLight.matches);

/** A phone has no room for the map; elsewhere it is as it was left. */
function hasMap(): boolean {
  const kept = localStorage.getItem(MAP);
  return kept === null ? matchMedia("(min-width: 43.75em)").matches : kept === "shown";
}

/** What is shown around the document. */
export const useView = create<State>(() => ({
  theme: preferred(),
  far: false,
  // A phone shows the list first: a graph is too small there to be worked on.
  drawer: matchMedia("(max-width: 40em)").matches ? "outline" : null,
  adding: null,
  connecting: null,
  commands: false,
  finding: false,
  shortcuts: false,
  values: null,
  menu: null,
  minimap: hasMap(),
  renaming: null,
  subgraph: null,
  fitting: 0,
}));

export const show = (part: Partial<State>): void => useView.setState(part);

/** Choose a theme; null follows the system, as long as nothing else is chosen. */
export function setTheme(theme: Theme | null): void {
  if (theme) localStorage.setItem(THEME, theme);
  else localStorage.removeItem(THEME);
  useView.setState({ theme: preferred() });
}

systemIsLight.addEventListener("change", () => useView.setState({ theme: preferred() }));

export function showMap(minimap: boolean): void {
  localStorage.setItem(MAP, minimap ? "shown" : "hidden");
  useView.setState({ minimap });
}

export const toggleDrawer = (drawer: Exclude<Drawer, null>): void =>
  useView.setState((state) => ({ drawer: state.drawer === drawer ? null : drawer }));

import type { Json, Value } from "./value";

/** Whether a node runs, is off, or lets through what comes in. */
export type Mode = "run" | "muted" | "bypassed";

/** What happens to a seed after a run. */
export type Control = "fixed" | "increment" | "decrement" | "randomize";

/** What a file says that the editor has no use for; it goes back as it came. */
export type Rest = Readonly<Record<string, Json>>;

/** A socket as the file lists it; only nodes of unknown type are drawn from these. */
export interface Socket {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly widget?: string;
  readonly shape?: number;
  readonly rest?: Rest;
}

export interface GraphNode {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  /** The corner below the title bar, as saved files have it. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly mode: Mode;
  readonly values: Readonly<Record<string, Value>>;
  readonly controls: Readonly<Record<string, Control>>;
  readonly collapsed: boolean;
  readonly pinned: boolean;
  readonly color: string;
  readonly inputs?: readonly Socket[];
  readonly outputs?: readonly Socket[];
  readonly unnamed?: readonly Value[];
  /** Which inputs of lists and choices have a wire; it follows from the wires and is in no file. */
  readonly wired?: readonly string[];
  /** `promoted`, `properties` and whatever else came with the node. */
  readonly rest: Rest;
}

export interface Link {
  readonly id: number;
  readonly from: string;
  readonly slot: number;
  readonly output: string;
  readonly to: string;
  readonly input: string;
  readonly type: string;
  /** The last point that it passes. */
  readonly via?: number;
  readonly rest: Rest;
}

/** A coloured box that carries the nodes that stand in it. */
export interface Frame {
  readonly id: string;
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly color: string;
  readonly rest: Rest;
}

/** A point that wires pass; `parent` is the one before it on their way. */
export interface RoutePoint {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly parent: number | null;
  /** The wires that the file says to pass it. */
  readonly told: readonly number[];
  readonly rest: Rest;
}

/** Nodes and wires, and what is drawn with them: those of a document, or of a subgraph. */
export interface Drawing {
  readonly nodes: Readonly<Record<string, GraphNode>>;
  readonly links: Readonly<Record<number, Link>>;
  readonly frames: Readonly<Record<string, Frame>>;
  readonly points: Readonly<Record<number, RoutePoint>>;
}

/** What nodes of one type stand for: a drawing with inputs and outputs of its own. */
export interface Subgraph {
  readonly id: string;
  readonly name: string;
  readonly inputs: readonly Socket[];
  readonly outputs: readonly Socket[];
  readonly inputBox: Omit<Frame, "id" | "title" | "color" | "rest">;
  readonly outputBox: Omit<Frame, "id" | "title" | "color" | "rest">;
  readonly drawing: Drawing;
  readonly rest: Rest;
}

/**
 * A document, seen from outside or from inside one of its subgraphs: its own nodes and wires are those that are
 * looked at, so that every edit works within a subgraph as it does outside.
 */
export interface Document extends Drawing {
  readonly subgraphs: Readonly<Record<string, Subgraph>>;
  /** The instances that were entered, from the outside inwards. */
  readonly path: readonly string[];
  /** The subgraph that is looked into; what `subgraphs` has of it is as it was when it was entered. */
  readonly inside: string;
  /** What is outside of all subgraphs, while one is inside. */
  readonly home: Drawing | null;
  /** What goes back to the server untouched: `saved`, `rest`. */
  readonly kept: Rest;
}

export const NO_WIRES: readonly string[] = [];
export const EMPTY: Document = {
  nodes: {},
  links: {},
  frames: {},
  points: {},
  subgraphs: {},
  path: [],
  inside: "",
  home: null,
  kept: {},
};

/** Wires by the socket that they enter and by the node that they leave. */
export interface Wiring {
  readonly into: ReadonlyMap<string, Link>;
  readonly entering: ReadonlyMap<string, readonly Link[]>;
  readonly leaving: ReadonlyMap<string, readonly Link[]>;
}

const wirings = new WeakMap<Document["links"], Wiring>();
const none: readonly Link[] = [];

/** The wiring of a document, found once for each set of wires. */
export function wiring(document: Document): Wiring {
  const known = wirings.get(document.links);
  if (known) return known;
  const into = new Map<string, Link>();
  const entering = new Map<string, Link[]>();
  const leaving = new Map<string, Link[]>();
  for (const link of Object.values(document.links)) {
    into.set(socketKey(link.to, link.input), link);
    push(entering, link.to, link);
    push(leaving, link.from, link);
  }
  const made = { into, entering, leaving };
  wirings.set(document.links, made);
  return made;
}

const push = (map: Map<string, Link[]>, key: string, link: Link) => {
  const list = map.get(key);
  if (list) list.push(link);
  else map.set(key, [link]);
};

const socketKey = (node: string, input: string) => `${node}\n${input}`;

/** The wire that enters an input. */
export const linkInto = (document: Document, node: string, input: string): Link | undefined =>
  wiring(document).into.get(socketKey(node, input));

/** The wires that enter a node. */
export const linksTo = (document: Document, node: string): readonly Link[] =>
  wiring(document).entering.get(node) ?? none;

/** The wires that leave a node. */
export const linksFrom = (document: Document, node: string): readonly Link[] =>
  wiring(document).leaving.get(node) ?? none;

import { reveal } from "../canvas/camera";
import { followIn, followOut } from "../model/follow";
import { group, promote, unpack } from "../model/group";
import { specs } from "../store/catalogue";
import { apply, current, lookInto, useDocument } from "../store/document";
import { tell } from "../store/notice";
import { lookAtRuns } from "../store/run";
import { chosen, select, selectNothing } from "../store/selection";
import { show } from "../store/view";
import { words } from "../text/subgraph";

// Undo can lead to another place as well.
useDocument.subscribe((now, before) => {
  const { path } = now.history.document;
  if (path.join() === before.history.document.path.join()) return;
  selectNothing();
  lookAtRuns(path);
  show({ fitting: Date.now() });
});

/** Whether a node stands for a subgraph. */
export const isInstance = (id: string | undefined): boolean =>
  id !== undefined && (current().nodes[id]?.type ?? "") in current().subgraphs;

/** Look into the subgraph that a node stands for. */
export function enter(id: string): void {
  if (isInstance(id)) lookInto([...current().path, id]);
}

/** Look at what is around the subgraph that one is inside of; the node that stands for it is chosen. */
export function leave(): void {
  const { path } = current();
  const last = path.at(-1);
  if (last === undefined) return;
  lookInto(path.slice(0, -1));
  select([last]);
}

/** Go to a node by the id that a run calls it, also within a subgraph. */
export function goTo(id: string): void {
  const way = id.split(":");
  const last = way.pop() ?? "";
  if (way.join() !== current().path.join()) lookInto(way);
  // A place that was just entered is shown whole first.
  requestAnimationFrame(() => reveal(last));
}

export function groupChosen(): void {
  const made = group(current(), chosen(), crypto.randomUUID(), words.title, specs());
  if (!made) return;
  apply(words.group, () => followIn(made, specs()));
  select([made.instance]);
  show({ renaming: made.instance });
}

export function unpackChosen(): void {
  const made: string[] = [];
  apply(words.unpack, (before) =>
    chosen()
      .filter(isInstance)
      .reduce((document, id) => {
        const done = unpack(document, id, specs());
        made.push(...(done?.nodes ?? []));
        return done ? followOut(done, id) : document;
      }, before),
  );
  select(made);
}

/** The subgraph that the chosen node stands for, else the one that is looked into; null where there is none. */
export function subgraphHere(): string | null {
  const { nodes, subgraphs, inside } = current();
  const type = nodes[chosen()[0] ?? ""]?.type ?? "";
  return type in subgraphs ? type : inside || null;
}

export function askSubgraphName(): void {
  const id = subgraphHere();
  if (id) show({ subgraph: id });
}

/** Let a value be entered on the subgraph that one is inside of. */
export function promoteInput(id: string, input: string): void {
  apply(words.promote(input), promote(id, input, specs()));
  tell(words.promoted(input));
}

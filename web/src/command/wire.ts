import { revealPlace, screenOf } from "../canvas/camera";
import { linksFrom, linksTo } from "../model/document";
import type { Point } from "../model/edit";
import { after } from "../model/ends";
import { partsOf, pointsOf, spanOf } from "../model/geometry";
import { addPoint, lead, passing, wayOf } from "../model/route";
import { beginGlance, endGlance } from "../run/glance";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { tell } from "../store/notice";
import { chosen, chosenLinks, chosenPoints, select, useSelection } from "../store/selection";
import { show } from "../store/view";
import { text } from "../text";
import { glance as say } from "../text/glance";
import { words } from "../text/subgraph";
import type { Command } from "./command";
import { oneWorking } from "./condition";

const { group } = text;

/** The chosen wire that tells what went through it, or is about to. */
let told: number | null = null;

// That is over when something else is chosen.
useSelection.subscribe(({ links }) => {
  if (told === null || links.has(told)) return;
  told = null;
  endGlance();
});

/** The node whose wires are walked through. */
let walked: string | null = null;

const wiresOf = (id: string): number[] =>
  [...linksTo(current(), id), ...linksFrom(current(), id)].map((link) => link.id);

/** Go to the next wire of a node: of the chosen one, or of that whose wire is chosen. It tells what went through it. */
function nextWire(): void {
  const [node] = chosen();
  const [now] = chosenLinks();
  if (node !== undefined) walked = node;
  else if (walked === null || !wiresOf(walked).includes(now ?? -1))
    walked = current().links[now ?? 0]?.from ?? null;
  const next = after(walked === null ? [] : wiresOf(walked), now);
  if (next === undefined) {
    tell(say.noWire);
    return;
  }
  select([], [], [next]);
  const place = middleOf(next);
  if (!place) return;
  told = next;
  void revealPlace(place).then(() => told === next && beginGlance(next, screenOf(place)));
}

function middleOf(id: number): Point | null {
  const link = current().links[id];
  const span = link && spanOf(current(), link, specs());
  const parts = span ? partsOf(span) : [];
  const path =
    parts.length > 0 ? pointsOf(parts[Math.floor(parts.length / 2)] as (typeof parts)[number]) : [];
  return path[Math.floor(path.length / 2)] ?? null;
}

/** The points among which one walks: those of the chosen wire, of the chosen node's wires, or all. */
function pointsHere(): number[] {
  const [link] = chosenLinks();
  const [node] = chosen();
  const links = link !== undefined ? [link] : node !== undefined ? wiresOf(node) : [];
  const found = links.flatMap((id) =>
    wayOf(current(), current().links[id] as never).map((point) => point.id),
  );
  return found.length > 0 ? [...new Set(found)] : [...passing(current()).keys()];
}

let among: readonly number[] = [];

function nextPoint(): void {
  const [now] = chosenPoints();
  if (now === undefined || !among.includes(now)) among = pointsHere();
  const next = after(
    among.filter((id) => id in current().points),
    now,
  );
  const point = current().points[next ?? 0];
  if (!point) {
    tell(say.noPoint);
    return;
  }
  select([], [], [], [point.id]);
  void revealPlace(point);
}

/** Lead the chosen wire over a point in its middle, or those that leave the chosen node's first wired output. */
function putPoint(): void {
  const [first, ...others] = leaving();
  const place = first === undefined ? null : middleOf(first);
  const link = current().links[first ?? 0];
  if (first === undefined || !place || !link) {
    tell(say.noWire);
    return;
  }
  const passed = wayOf(current(), link).length;
  apply(words.point, (document) => {
    const made = addPoint(document, first, place, Math.ceil(passed / 2));
    const id = Math.max(...Object.keys(made.points).map(Number));
    return passed > 0 ? made : others.reduce((led, one) => lead(led, one, id), made);
  });
  const id = Math.max(...Object.keys(current().points).map(Number));
  among = [];
  select([], [], [], [id]);
}

function leaving(): number[] {
  const [link] = chosenLinks();
  if (link !== undefined) return [link];
  const all = linksFrom(current(), chosen()[0] ?? "");
  return all.filter((one) => one.slot === all[0]?.slot).map((one) => one.id);
}

const wired = (): boolean => chosen().length === 1 || chosenLinks().length === 1;

/** Wires, what went through them and the points that they pass, without a pointer. */
export const WIRES: readonly Command[] = [
  {
    id: "values",
    label: say.command,
    group: group.node,
    keys: ["I"],
    run: () => show({ values: chosen()[0] ?? null }),
    can: oneWorking,
  },
  { id: "next-wire", label: say.nextWire, group: group.node, keys: ["W"], run: nextWire, can: wired },
  { id: "next-point", label: say.nextPoint, group: group.node, keys: ["Shift+W"], run: nextPoint },
  { id: "point", label: say.addPoint, group: group.node, keys: ["Alt+R"], run: putPoint, can: wired },
];

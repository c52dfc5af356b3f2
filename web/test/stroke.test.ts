import { describe, expect, test } from "vitest";
import { spanOf } from "../src/model/geometry";
import { addPoint, passing, wayOf } from "../src/model/route";
import { addPoints, Stroke } from "../src/model/stroke";
import { CATALOGUE, chain } from "./graph";

const LINKS = chain().links;
const span = (id: number) =>
  spanOf(chain(), LINKS[id] as never, CATALOGUE) as never as { a: Point; b: Point };
interface Point {
  readonly x: number;
  readonly y: number;
}

/** A stroke straight down, in the middle between the ends of a wire. */
function across(document: ReturnType<typeof chain>, id: number): Stroke {
  const { a, b } = span(id);
  const x = (a.x + b.x) / 2;
  const stroke = new Stroke(document, CATALOGUE, { x, y: -900 });
  for (const y of [-500, -100, 100, 500, 900]) stroke.to({ x, y });
  return stroke;
}

describe("a stroke", () => {
  test("knows the wires that it crossed, and where", () => {
    const { crossed } = across(chain(), 8);
    expect([...crossed.keys()]).toEqual([8]);
    const { at, after } = crossed.get(8) as never as { at: Point; after: number };
    expect(at.y).toBeCloseTo((span(8).a.y + span(8).b.y) / 2, 0);
    expect(after).toBe(0);
  });

  test("crosses nothing before it gets there", () => {
    const { a } = span(8);
    const stroke = new Stroke(chain(), CATALOGUE, { x: a.x + 5, y: a.y - 900 });
    stroke.to({ x: a.x + 5, y: a.y - 800 });
    expect(stroke.crossed.size).toBe(0);
    stroke.to({ x: a.x + 5, y: a.y + 800 });
    expect(stroke.crossed.has(8)).toBe(true);
  });

  test("leads the wires over points where it crossed them; those of one output share theirs", () => {
    const { crossed } = across(chain(), 3);
    expect(crossed.has(3) && crossed.has(4)).toBe(true);
    const bent = addPoints(crossed.values())(chain());
    const shared = [...passing(bent).values()].find((links) => links.includes(3));
    expect(shared).toEqual([3, 4]);
    expect(Object.keys(bent.points)).toHaveLength(crossed.size - 1);
  });

  test("puts its point between those that a wire has", () => {
    const { a, b } = span(8);
    const y = (a.y + b.y) / 2;
    const bent = addPoint(addPoint(chain(), 8, { x: a.x + 5, y }, 0), 8, { x: b.x - 5, y }, 1);
    const again = addPoints(across(bent, 8).crossed.values())(bent);
    expect(wayOf(again, again.links[8] as never).map((one) => one.id)).toEqual([1, 3, 2]);
  });
});

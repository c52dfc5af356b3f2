import { expect, test } from "vitest";
import { moveBy, setValue } from "../src/model/edit";
import { begin, goTo, record, redo, undo } from "../src/model/history";
import { chain } from "./graph";

test("undo and redo bring back the very documents", () => {
  const first = begin(chain());
  const second = record(first, setValue("4", "steps", 30)(first.document), "steps", "", 0);
  const third = record(second, moveBy(["4"], 10, 0)(second.document), "move", "", 1);
  expect(undo(third).document).toBe(second.document);
  expect(undo(undo(third)).document).toBe(first.document);
  expect(redo(redo(undo(undo(third)))).document).toBe(third.document);
  expect(undo(first)).toBe(first);
});

test("letters typed one after another are one step, with a pause two", () => {
  let history = begin(chain());
  for (const [at, words] of [
    [0, "a"],
    [100, "a f"],
    [200, "a fox"],
    [5000, "a fox!"],
  ] as const) {
    history = record(history, setValue("2", "text", words)(history.document), "text", "value 2 text", at);
  }
  expect(history.done).toHaveLength(2);
  expect(undo(history).document.nodes["2"]?.values.text).toBe("a fox");
});

test("a drag is one step however long it takes", () => {
  let history = begin(chain());
  for (const at of [0, 2000, 9000])
    history = record(history, moveBy(["4"], 5, 5)(history.document), "move", "!move 1", at);
  expect(history.done).toHaveLength(1);
  expect(undo(history).document.nodes["4"]?.x).toBe(chain().nodes["4"]?.x);
});

test("a change after undoing forgets what was undone; a change that changes nothing does not", () => {
  const first = begin(chain());
  const second = record(first, setValue("4", "steps", 30)(first.document), "steps", "", 0);
  const back = undo(second);
  expect(record(back, back.document, "nothing", "", 5)).toBe(back);
  expect(record(back, setValue("4", "steps", 9)(back.document), "steps", "", 5).undone).toHaveLength(0);
});

test("a step that was undone and done again is not joined by what is typed next", () => {
  let history = begin(chain());
  history = record(history, setValue("2", "text", "a")(history.document), "text", "value 2 text", 0);
  history = redo(undo(history));
  history = record(history, setValue("2", "text", "ab")(history.document), "text", "value 2 text", 10);
  expect(history.done).toHaveLength(2);
});

test("the list leads to any point", () => {
  let history = begin(chain());
  for (const steps of [21, 22, 23])
    history = record(history, setValue("4", "steps", steps)(history.document), "steps", "", steps);
  expect(goTo(history, 1).document.nodes["4"]?.values.steps).toBe(21);
  expect(goTo(goTo(history, 0), 3).document).toBe(history.document);
});

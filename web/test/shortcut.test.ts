import { describe, expect, it } from "vitest";
import {
  giveKeys,
  holder,
  isKept,
  isWhole,
  keysIn,
  type Own,
  readOwn,
  resetKeys,
  takeKeys,
  writesNothing,
} from "../src/model/shortcut";

const run = { id: "run", keys: ["Mod+Enter"] };
const undo = { id: "undo", keys: ["Mod+Z"] };
const redo = { id: "redo", keys: ["Mod+Shift+Z", "Mod+Y"] };
const all = [run, undo, redo];
const NONE: Own = {};

describe("shortcuts", () => {
  it("are those that a command comes with, until others are given", () => {
    const own = giveKeys(NONE, all, run, "F5");
    expect(keysIn(NONE, run)).toEqual(["Mod+Enter"]);
    expect(keysIn(own, run)).toEqual(["Mod+Enter", "F5"]);
    expect(holder(own, all, "F5")).toBe(run);
  });

  it("belong to one command: giving them takes them from the other", () => {
    const own = giveKeys(NONE, all, run, "Mod+Y");
    expect(holder(own, all, "Mod+Y")).toBe(run);
    expect(keysIn(own, redo)).toEqual(["Mod+Shift+Z"]);
  });

  it("are given back on reset, also by the command that took them", () => {
    const own = giveKeys(NONE, all, run, "Mod+Z");
    const back = resetKeys(own, all, undo);
    expect(keysIn(back, undo)).toEqual(["Mod+Z"]);
    expect(back).toEqual(NONE);
  });

  it("can be taken away, and nothing is kept that equals what the command came with", () => {
    const own = takeKeys(NONE, run, "Mod+Enter");
    expect(own).toEqual({ run: [] });
    expect(giveKeys(own, all, run, "Mod+Enter")).toEqual(NONE);
  });

  it("are whole only with a key besides Ctrl, Alt and Shift", () => {
    expect(["Control", "Shift", "Alt", "Meta"].filter(isWhole)).toEqual([]);
    expect(isWhole("a")).toBe(true);
  });

  it("that browsers keep are known", () => {
    expect(isKept("Mod+W")).toBe(true);
    expect(isKept("Mod+S")).toBe(false);
  });

  it("work while a person types only where they write nothing", () => {
    expect(["Mod+S", "F5", "Shift+F10"].every(writesNothing)).toBe(true);
    expect(["R", "Shift+A", "Enter", "Alt+C"].some(writesNothing)).toBe(false);
  });

  it("that a browser kept are read, and anything else counts as nothing", () => {
    expect(readOwn('{"run":["F5"],"undo":"F6","redo":[7]}')).toEqual({ run: ["F5"] });
    expect([readOwn(null), readOwn("[1]"), readOwn("nonsense"), readOwn("null")]).toEqual([{}, {}, {}, {}]);
  });
});

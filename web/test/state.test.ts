import { describe, expect, test } from "vitest";
import { whyOf } from "../src/node/state";
import type { NodeRun } from "../src/store/run";

const why = (words: string, phase: NodeRun["phase"] = "done") => whyOf({ phase, why: words } as NodeRun);

describe("below a node", () => {
  test("nothing is said of a first run, which is the same for every node", () => {
    expect(why("ran 1.2 s because it has not run before")).toBe("");
    expect(why("it has not run before")).toBe("");
  });

  test("a reason of its own is told, one that follows from a node before it is not", () => {
    expect(
      why("ran 1.2 s because 'seed' was changed from 1 to 2; node '3' (KSampler) gives something new"),
    ).toBe("'seed' was changed from 1 to 2");
    expect(why("ran 1 ms because this node's results are never kept")).toBe(
      "this node's results are never kept",
    );
    expect(why("hit (memory)", "cached")).toBe("");
  });
});

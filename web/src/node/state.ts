import type { NodeRun } from "../store/run";
import { text } from "../text";

/** What is said of each node of a first run: that tells no node from another. */
const FIRST = "it has not run before";

/**
 * Why a node ran, without what its chip says already. What only follows from a node before it, and that it ran for
 * the first time, is left to its tip.
 */
export function whyOf(run: NodeRun): string {
  if (run.phase === "cached") return "";
  const at = run.why.indexOf("because ");
  const reasons = (at < 0 ? run.why : run.why.slice(at + "because ".length)).split("; ");
  return reasons.filter((one) => one !== FIRST && !one.startsWith("node '")).join("; ");
}

/** How a node stands with its run, in a word or two. */
export function stateOf(run: NodeRun | undefined): string {
  switch (run?.phase) {
    case "waiting":
      return text.run.waiting;
    case "running":
      return run.max > 1 ? `${run.value}/${run.max}` : text.run.running;
    case "cached":
      return run.why.includes("disk")
        ? text.run.disk
        : run.why.includes("memory")
          ? text.run.memory
          : text.run.cached;
    case "done":
      return run.seconds === null ? "" : text.run.seconds(run.seconds);
    case "failed":
      return text.run.failed;
    default:
      return "";
  }
}

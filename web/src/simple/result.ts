import { resultNode } from "../model/result";
import { useCatalogue } from "../store/catalogue";
import { useGraph } from "../store/document";
import { isBusy, useJobs } from "../store/job";
import { type Picture, useRun } from "../store/run";

/** Where a run stands: nothing runs, it waits, or a node is at a part of its work. */
export interface Progress {
  readonly state: "idle" | "waiting" | "running";
  readonly title: string;
  /** From 0 to 1, or null where that is not known. */
  readonly part: number | null;
  readonly preview: string | null;
}

const NONE: readonly Picture[] = [];

/** What the document made last: pictures, or where there are none, words. */
export function useResult(): { readonly pictures: readonly Picture[]; readonly words: string } {
  const document = useGraph();
  const pictures = useRun((state) => state.pictures);
  const texts = useRun((state) => state.texts);
  const specs = useCatalogue((state) => state.specs);
  const seen = resultNode(document, specs, (id) => (pictures[id]?.length ?? 0) > 0);
  if (seen) return { pictures: pictures[seen] ?? NONE, words: "" };
  const said = resultNode(document, specs, (id) => Boolean(texts[id]));
  return { pictures: NONE, words: said ? (texts[said] ?? "") : "" };
}

/** How far the run is, in the words of the node that works. */
export function useProgress(): Progress {
  const busy = useJobs(isBusy);
  const document = useGraph();
  const nodes = useRun((state) => state.nodes);
  const previews = useRun((state) => state.previews);
  const specs = useCatalogue((state) => state.specs);
  if (!busy) return { state: "idle", title: "", part: null, preview: null };
  const running = Object.entries(nodes).filter(([id, one]) => one.phase === "running" && document.nodes[id]);
  const [id, run] = running.find(([, one]) => one.max > 1) ?? running[0] ?? [];
  const node = id ? document.nodes[id] : undefined;
  const preview = Object.values(previews).at(-1) ?? null;
  if (!run || !node) return { state: "waiting", title: "", part: null, preview };
  const title = node.title || specs[node.type]?.title || node.type;
  return { state: "running", title, part: run.max > 1 ? run.value / run.max : null, preview };
}

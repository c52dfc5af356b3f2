import { findNode } from "../model/focus";
import { get } from "../server/client";
import type { Glance } from "../server/told";
import { specs } from "../store/catalogue";
import { current } from "../store/document";
import { useJobs } from "../store/job";
import { setPreview, setRuns, useRun } from "../store/run";
import { isElsewhere } from "../store/tab";

/** What a run that was sent is to do, until it ends. */
interface Expected {
  readonly needed: readonly string[];
  /** The nodes that were run to, whose results are shown when it is done. */
  readonly targets: readonly string[];
}

const sent = new Map<string, Expected>();
/** Those of them that were in the queue when it was asked for. */
const queued = new Set<string>();
const over = new Set<string>();

/** A run was sent that needs these nodes: they wait for their turn. It may have begun, or ended, before that was told. */
export function expect(job: string, needed: readonly string[], targets: readonly string[] = []): void {
  if (over.delete(job)) {
    show(job, targets);
    return;
  }
  sent.set(job, { needed, targets });
  const { nodes } = useRun.getState().all;
  // Of a run that has begun it is known already how some of its nodes stand.
  const begun = useJobs.getState().shown === job;
  if (!isElsewhere(job) && !isAnotherShown(job)) wait(begun ? needed.filter((id) => !nodes[id]) : needed);
}

const isAnotherShown = (job: string): boolean => {
  const { shown, queue } = useJobs.getState();
  return shown !== job && queue.some((one) => one.id === shown);
};

function wait(ids: readonly string[]): void {
  const { nodes } = useRun.getState().all;
  const now = ids.filter((id) => nodes[id]?.phase !== "running" && nodes[id]?.phase !== "failed");
  setRuns(now, { phase: "waiting", seconds: null, why: "", warning: "" });
}

/** A run begins: what it needs waits. */
export const begun = (job: string): void => wait(sent.get(job)?.needed ?? []);

/** Whether every run that was sent has come and gone; what the queue was before one was sent says nothing of it. */
export function isQuiet(queue: Iterable<string>): boolean {
  const now = new Set(queue);
  for (const id of now) if (sent.has(id)) queued.add(id);
  return [...sent.keys()].every((id) => queued.has(id) && !now.has(id));
}

/** A run is over. */
export function finished(job: string): void {
  const was = sent.get(job);
  sent.delete(job);
  queued.delete(job);
  if (was) show(job, was.targets);
  else over.add(job);
}

/** Show at the nodes that were run to what they gave, where it is something to look at; outputs show it themselves. */
function show(job: string, targets: readonly string[]): void {
  for (const id of targets) void glance(job, id).catch(() => undefined); // Nothing was kept to be looked at.
}

async function glance(job: string, id: string): Promise<void> {
  const spec = specs()[findNode(current(), id)?.type ?? ""];
  if (!spec || spec.root) return;
  for (const slot of spec.outputs.keys()) {
    const query = new URLSearchParams({ node: id, slot: String(slot) });
    const { picture } = await get<Glance>(`/safelight/jobs/${job}/value?${query}`);
    if (!picture) continue;
    if (!isElsewhere(job) && useJobs.getState().shown === job) setPreview(id, blobOf(picture));
    return;
  }
}

/** What a data: address holds; pages of this server fetch from nowhere else, not even from these. */
function blobOf(address: string): Blob {
  const [head = "", content = ""] = address.split(",");
  const type = /^data:([^;]*)/.exec(head)?.[1] ?? "";
  return new Blob([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], { type });
}

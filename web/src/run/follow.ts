import { nodeTitle } from "../command/title";
import { findNode } from "../model/focus";
import { get } from "../server/client";
import { listen, type Message, type Preview } from "../server/socket";
import type { JobTold } from "../server/told";
import { current, useDocument } from "../store/document";
import { useJobs } from "../store/job";
import { tell } from "../store/notice";
import {
  type NodeRun,
  type Picture,
  replaceRuns,
  setPictures,
  setPreview,
  setRun,
  setRuns,
  setTextOf,
  useRun,
} from "../store/run";
import { isElsewhere, jobsHere, lastJob } from "../store/tab";
import { text } from "../text";
import { type DeskOutput, noteDesk } from "./desk";
import { begun, finished, isQuiet } from "./expect";
import { refreshPast, refreshQueue } from "./queue";

/** Follow what the server tells of the runs of this window. */
export function follow(): void {
  listen({ message: hear, preview: look, online });
  useDocument.subscribe(({ tab }, before) => tab !== before.tab && catchUp());
}

function online(now: boolean): void {
  const before = useJobs.getState().online;
  useJobs.setState({ online: now });
  if (!now) return;
  if (before === false) tell(text.server.back);
  void refresh().then(catchUp);
}

async function refresh(): Promise<void> {
  try {
    await Promise.all([refreshQueue(), refreshPast()]);
    const own = new Set(jobsHere());
    const queue = useJobs.getState().queue.map((one) => one.id);
    // A run that was taken out of the queue while it waited never begins.
    if (isQuiet(queue) && !queue.some((id) => own.has(id))) settle();
  } catch {
    // The connection is the one to say that the server is gone.
  }
}

type Data = Record<string, unknown>;

const HEARD: Readonly<Record<string, (data: Data) => void>> = {
  status: () => void refresh(),
  execution_start: (data) => begin(String(data.prompt_id)),
  execution_cached: (data) => setRuns(known(data.nodes as string[]), { phase: "cached", why: "" }),
  executing: (data) => data.node !== null && node(String(data.display_node ?? data.node)),
  progress_state: (data) => progress(data.nodes as Record<string, Progressed>),
  executed: (data) =>
    shown(String(data.display_node ?? data.node), data.output as Output | null, data.merge === true),
  node_warning: (data) => warned(String(data.node), String(data.text)),
  execution_error: (data) => failed(data),
  execution_interrupted: (data) => ended(String(data.prompt_id), text.run.cancelled),
  execution_success: (data) => ended(String(data.prompt_id)),
};

function hear({ type, data }: Message): void {
  if (!isElsewhere(String(data.prompt_id ?? ""))) HEARD[type]?.(data);
}

/** Whether the document has a node that a run calls so, also within a subgraph. */
const has = (id: string): boolean => findNode(current(), id) !== null;
const known = (ids: readonly string[]): string[] => ids.filter(has);

function begin(job: string): void {
  useJobs.setState({ shown: job });
  const { nodes, previews } = useRun.getState().all;
  for (const id of Object.keys(previews)) setPreview(id, null);
  replaceRuns(Object.fromEntries(Object.entries(nodes).filter(([, one]) => one.phase === "failed")));
  begun(job);
}

const now = (): number => performance.now();

function node(id: string): void {
  if (has(id))
    setRun(id, {
      phase: "running",
      value: 0,
      max: 0,
      started: now(),
      seconds: null,
      why: "",
      warning: "",
      failure: null,
    });
}

interface Progressed {
  value: number;
  max: number;
  state: "running" | "finished" | "error";
  display_node_id?: string;
  node_id: string;
}

function progress(told: Record<string, Progressed>): void {
  const { nodes } = useRun.getState().all;
  for (const one of Object.values(told)) {
    const id = one.display_node_id ?? one.node_id;
    const before = nodes[id];
    if (!has(id) || before?.phase === "cached" || before?.phase === "failed") continue;
    if (one.state === "running" && (before?.phase !== "running" || before.value !== one.value)) {
      setRun(id, { phase: "running", value: one.value, max: one.max, started: before?.started || now() });
    } else if (one.state === "finished" && before?.phase === "running") finish(id, before);
  }
}

function finish(id: string, before: NodeRun): void {
  setRun(id, { phase: "done", seconds: (now() - before.started) / 1000 });
  setPreview(id, null);
}

interface Output extends DeskOutput {
  images?: Picture[];
  gifs?: Picture[];
  audio?: Picture[];
  text?: unknown[];
}

function shown(id: string, output: Output | null, more: boolean): void {
  if (!output) return;
  const pictures = output.images ?? output.gifs ?? output.audio;
  const before = more ? (useRun.getState().all.pictures[id] ?? []) : [];
  if (pictures) setPictures(id, [...before, ...pictures]);
  noteDesk(id, output);
  if (output.text) setTextOf(id, output.text.map(String).join("\n"));
}

/** A node says that something is not as it was asked for; it goes on. */
function warned(id: string, words: string): void {
  if (!has(id)) return;
  const before = useRun.getState().all.nodes[id]?.warning ?? "";
  setRun(id, { warning: before.includes(words) ? before : [before, words].filter(Boolean).join("\n") });
  tell(text.run.warned(nodeTitle(id.split(":").at(-1) ?? id), words));
}

function look({ node: id, job, picture }: Preview): void {
  if (!isElsewhere(job) && has(id)) setPreview(id, picture);
}

function failed(data: Data): void {
  const id = String(data.node_id ?? "");
  const problem = String(data.exception_message ?? text.run.failed);
  if (has(id)) setRun(id, { phase: "failed", failure: { node: id, problem, remedy: "", input: "" } });
  setPreview(id, null);
  ended(String(data.prompt_id), text.run.stopped(problem), "problem");
}

/** No node works any more. */
function stop(): void {
  for (const [id, one] of Object.entries(useRun.getState().all.nodes))
    if (one.phase === "running") finish(id, one);
  settle();
}

/** No node waits any more. */
function settle(): void {
  const waiting = Object.entries(useRun.getState().all.nodes).filter(([, one]) => one.phase === "waiting");
  if (waiting.length === 0) return;
  setRuns(
    waiting.map(([id]) => id),
    { phase: "done", seconds: null },
  );
}

/** A run is over: take what it says of each node. */
function ended(job: string, words = "", kind: "plain" | "problem" = "plain"): void {
  stop();
  if (words) tell(words, kind);
  finished(job);
  void explain(job);
  void refresh();
}

/** A document came to the front, or the server came back: learn what became of the job that was sent last. */
function catchUp(): void {
  const job = lastJob();
  if (!job || useJobs.getState().queue.some((one) => one.id === job)) return;
  stop();
  void explain(job).catch(() => undefined); // It may have been forgotten, and its pictures with it.
}

async function explain(job: string): Promise<void> {
  const { nodes, outputs, error } = await get<JobTold>(`/safelight/jobs/${job}`);
  if (isElsewhere(job)) return;
  for (const [id, output] of Object.entries(outputs)) if (has(id)) shown(id, output as Output, false);
  for (const [id, one] of Object.entries(nodes)) {
    if (!has(id)) continue;
    const failure = useRun.getState().all.nodes[id]?.failure ?? null;
    if (failure) continue;
    const hit = one.state === "memory" || one.state === "disk";
    if (!hit && !outputs[id] && useRun.getState().all.texts[id]) setTextOf(id, "");
    setRun(id, { phase: hit ? "cached" : "done", seconds: hit ? null : one.seconds, why: one.why });
  }
  const said = (name: string): string => String(error?.[name] ?? "");
  const node = said("node");
  if (!has(node)) return;
  const failure = { node, problem: said("problem"), remedy: said("remedy"), input: said("input") };
  setRun(node, { phase: "failed", failure });
}

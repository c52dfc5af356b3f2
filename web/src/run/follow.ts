import { get } from "../server/client";
import { listen, type Message, type Preview } from "../server/socket";
import { current } from "../store/document";
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
import { text } from "../text";
import { refreshPast, refreshQueue } from "./queue";

/** Follow what the server tells of the runs of this window. */
export function follow(): void {
  listen({ message: hear, preview: look, online });
}

function online(now: boolean): void {
  const before = useJobs.getState().online;
  useJobs.setState({ online: now });
  if (!now) return;
  if (before === false) tell(text.server.back);
  void refresh();
}

async function refresh(): Promise<void> {
  try {
    await Promise.all([refreshQueue(), refreshPast()]);
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
  execution_error: (data) => failed(data),
  execution_interrupted: (data) => ended(String(data.prompt_id), text.run.cancelled),
  execution_success: (data) => ended(String(data.prompt_id)),
};

function hear({ type, data }: Message): void {
  HEARD[type]?.(data);
}

const known = (ids: readonly string[]): string[] => ids.filter((id) => id in current().nodes);

function begin(job: string): void {
  useJobs.setState({ shown: job });
  const { nodes, previews } = useRun.getState();
  for (const id of Object.keys(previews)) setPreview(id, null);
  replaceRuns(Object.fromEntries(Object.entries(nodes).filter(([, one]) => one.phase === "failed")));
}

const now = (): number => performance.now();

function node(id: string): void {
  if (id in current().nodes)
    setRun(id, { phase: "running", value: 0, max: 0, started: now(), seconds: null, why: "", failure: null });
}

interface Progressed {
  value: number;
  max: number;
  state: "running" | "finished" | "error";
  display_node_id?: string;
  node_id: string;
}

function progress(told: Record<string, Progressed>): void {
  const { nodes } = useRun.getState();
  for (const one of Object.values(told)) {
    const id = one.display_node_id ?? one.node_id;
    const before = nodes[id];
    if (!(id in current().nodes) || before?.phase === "cached" || before?.phase === "failed") continue;
    if (one.state === "running" && (before?.phase !== "running" || before.value !== one.value)) {
      setRun(id, { phase: "running", value: one.value, max: one.max, started: before?.started || now() });
    } else if (one.state === "finished" && before?.phase === "running") finish(id, before);
  }
}

function finish(id: string, before: NodeRun): void {
  setRun(id, { phase: "done", seconds: (now() - before.started) / 1000 });
  setPreview(id, null);
}

interface Output {
  images?: Picture[];
  gifs?: Picture[];
  text?: unknown[];
}

function shown(id: string, output: Output | null, more: boolean): void {
  if (!output) return;
  const pictures = output.images ?? output.gifs;
  const before = more ? (useRun.getState().pictures[id] ?? []) : [];
  if (pictures) setPictures(id, [...before, ...pictures]);
  if (output.text) setTextOf(id, output.text.map(String).join("\n"));
}

function look({ node: id, picture }: Preview): void {
  if (id in current().nodes) setPreview(id, picture);
}

function failed(data: Data): void {
  const id = String(data.node_id ?? "");
  const problem = String(data.exception_message ?? text.run.failed);
  if (id in current().nodes)
    setRun(id, { phase: "failed", failure: { node: id, problem, remedy: "", input: "" } });
  ended(String(data.prompt_id), text.run.stopped(problem), "problem");
}

interface Report {
  nodes: Record<string, { state: string; seconds: number | null; why: string }>;
  error: { node?: string; problem?: string; remedy?: string; input?: string } | null;
}

/** A run is over: take what it says of each node. */
function ended(job: string, words = "", kind: "plain" | "problem" = "plain"): void {
  for (const [id, one] of Object.entries(useRun.getState().nodes)) {
    if (one.phase === "running") finish(id, one);
    else if (one.phase === "waiting") setRun(id, { phase: "done", seconds: null });
  }
  if (words) tell(words, kind);
  void explain(job);
  void refresh();
}

async function explain(job: string): Promise<void> {
  const { nodes, error } = await get<Report>(`/safelight/jobs/${job}`);
  for (const [id, one] of Object.entries(nodes)) {
    if (!(id in current().nodes)) continue;
    const failure = useRun.getState().nodes[id]?.failure ?? null;
    if (failure) continue;
    const hit = one.state === "memory" || one.state === "disk";
    setRun(id, { phase: hit ? "cached" : "done", seconds: hit ? null : one.seconds, why: one.why });
  }
  if (error?.node && error.node in current().nodes) {
    setRun(error.node, {
      phase: "failed",
      failure: {
        node: error.node,
        problem: error.problem ?? "",
        remedy: error.remedy ?? "",
        input: error.input ?? "",
      },
    });
  }
}

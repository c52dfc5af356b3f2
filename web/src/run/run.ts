import { goTo } from "../command/place";
import type { Edit } from "../model/edit";
import { toNamed } from "../model/file";
import { everyNode, findNode } from "../model/focus";
import { isNote } from "../model/frontend";
import { afterRun } from "../model/seed";
import { inputsOf } from "../model/shape";
import type { Value } from "../model/value";
import { post, Refused } from "../server/client";
import { CLIENT } from "../server/socket";
import type { JobTold } from "../server/told";
import { specs } from "../store/catalogue";
import { apply, current, useDocument } from "../store/document";
import { useJobs } from "../store/job";
import { calm, tell } from "../store/notice";
import { replaceRuns, setRun, useRun } from "../store/run";
import { ownJob } from "../store/tab";
import { text } from "../text";
import { refreshQueue } from "./queue";

interface NodeErrors {
  errors: {
    type: string;
    message: string;
    details: string;
    extra_info?: { input_name?: string; remedy?: string };
  }[];
}

/** Run the document, as often as the batch says; `targets` asks for some nodes only. */
export async function run({ targets }: { targets?: readonly string[] } = {}): Promise<void> {
  const times = useJobs.getState().batch;
  for (let time = 0; time < times; time++) {
    if (!(await runOnce(targets))) return;
  }
}

async function runOnce(targets: readonly string[] | undefined): Promise<boolean> {
  const document = current();
  if ([...everyNode(document).values()].every((node) => isNote(node.type))) {
    tell(text.run.nothing, "problem");
    return false;
  }
  noteSeeds();
  try {
    const accepted = await post<JobTold>("/safelight/run", {
      workflow: toNamed(document, specs()),
      title: useDocument.getState().name,
      client_id: CLIENT,
      ...(targets ? { only: targets.map((id) => [...document.path, id].join(":")) } : {}),
    });
    ownJob(accepted.id);
    await refreshQueue();
    clearFailures();
    calm();
    for (const notice of accepted.notices ?? []) tell(notice);
    newSeeds();
    return true;
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    showRefusal(problem);
    return false;
  }
}

/** Remember what the numbers were, so that the last ones can be had again. */
function noteSeeds(): void {
  const seeds: Record<string, Value> = {};
  for (const [id, node] of everyNode(current())) {
    for (const input of inputsOf(node, specs()[node.type])) {
      const control = node.controls[input.name] ?? "fixed";
      if (input.widget?.kind === "number" && input.widget.seed && control !== "fixed")
        seeds[`${id} ${input.name}`] = node.values[input.name] ?? input.start ?? 0;
    }
  }
  useJobs.setState({ seeds });
}

function newSeeds(): void {
  const edits: Edit[] = afterRun(current(), specs());
  if (edits.length > 0)
    apply(text.edit.seeds, (document) => edits.reduce((made, edit) => edit(made), document), "seeds");
}

const clearFailures = (): void => {
  const { nodes } = useRun.getState().all;
  replaceRuns(Object.fromEntries(Object.entries(nodes).filter(([, one]) => one.phase !== "failed")));
};

function showErrors(errors: Record<string, NodeErrors>): void {
  for (const [id, { errors: found }] of Object.entries(errors)) {
    const [first] = found;
    if (!first) continue;
    const failure = {
      node: id,
      problem: first.message,
      remedy: first.extra_info?.remedy ?? first.details,
      input: first.extra_info?.input_name ?? "",
    };
    setRun(id, { phase: "failed", failure });
  }
}

/** Say on the nodes themselves what keeps the graph from running, and bring the first of them into view. */
function showRefusal(refused: Refused): void {
  const answer = refused.answer as {
    error?: { message?: string; details?: string };
    node_errors?: Record<string, NodeErrors>;
  };
  const errors = answer.node_errors ?? {};
  clearFailures();
  showErrors(errors);
  const first = Object.keys(errors).find((id) => findNode(current(), id));
  if (first) goTo(first);
  const words = [answer.error?.message ?? refused.message, answer.error?.details].filter(Boolean).join(". ");
  tell(first ? text.run.marked(Object.keys(errors).length) : words, "problem");
}

/** End the run that is shown, or the first that runs. */
export async function cancelRun(): Promise<void> {
  const { queue } = useJobs.getState();
  const running = queue.find((job) => job.state === "running") ?? queue[0];
  if (running) await post(`/jobs/${running.id}/cancel`, {});
  await refreshQueue();
}

import { goTo } from "../command/place";
import { nodeTitle } from "../command/title";
import { needed, targetsOf } from "../model/demand";
import type { Document } from "../model/document";
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
import { current, useDocument } from "../store/document";
import { useJobs } from "../store/job";
import { calm, tell } from "../store/notice";
import { replaceRuns, setRun, useRun } from "../store/run";
import { allTabs, applyIn, jobsHere, ownJob } from "../store/tab";
import { text } from "../text";
import { takePictures } from "./camera";
import { expect } from "./expect";
import { refreshQueue } from "./queue";

interface NodeErrors {
  errors: {
    type: string;
    message: string;
    details: string;
    extra_info?: { input_name?: string; remedy?: string };
  }[];
}

interface Asked {
  /** The only nodes that are asked for, with all that they need. */
  readonly targets?: readonly string[];
  /** Whether nobody pressed a button: what is wrong is marked where it is, and the view stays. */
  readonly unasked?: boolean;
}

/** Run the document, as often as the batch says. It is that of one tab, whatever comes to the front meanwhile. */
export async function run({ targets, unasked = false }: Asked = {}): Promise<void> {
  const times = useJobs.getState().batch;
  const { tab } = useDocument.getState();
  await takePictures();
  let alike = times > 1;
  for (let time = 0; time < times; time++) {
    const before = documentOf(tab);
    if (!before || !(await runOnce(tab, before, targets, unasked))) return;
    alike &&= documentOf(tab) === before;
  }
  if (alike) tell(text.run.alike(times));
}

/** Run to the chosen node: it and what it needs, whatever it gives. */
export async function runTo(id: string): Promise<void> {
  const targets = targetsOf(current(), id, specs());
  if (targets.length === 0) tell(text.run.off(nodeTitle(id)), "problem");
  else await run({ targets });
}

const documentOf = (tab: string): Document | undefined =>
  allTabs().find((one) => one.id === tab)?.history.document;

async function runOnce(
  tab: string,
  document: Document,
  targets: readonly string[] | undefined,
  unasked: boolean,
): Promise<boolean> {
  if ([...everyNode(document).values()].every((node) => isNote(node.type))) {
    if (!unasked) tell(text.run.nothing, "problem");
    return false;
  }
  noteSeeds(document);
  const shown = () => useDocument.getState().tab === tab;
  try {
    const accepted = await post<JobTold>("/safelight/run", {
      workflow: toNamed(document, specs()),
      title: allTabs().find((one) => one.id === tab)?.name ?? "",
      client_id: CLIENT,
      ...(targets ? { only: targets } : {}),
    });
    ownJob(accepted.id, tab);
    if (shown()) clearFailures();
    expect(accepted.id, needed(document, specs(), targets), targets);
    await refreshQueue();
    calm();
    if (useJobs.getState().paused) tell(text.queue.waits);
    for (const notice of accepted.notices ?? []) tell(notice);
    newSeeds(tab);
    return true;
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    if (shown()) showRefusal(problem, unasked);
    return false;
  }
}

/** Remember what the numbers were, so that the last ones can be had again. */
function noteSeeds(document: Document): void {
  const seeds: Record<string, Value> = {};
  for (const [id, node] of everyNode(document)) {
    for (const input of inputsOf(node, specs()[node.type])) {
      const control = node.controls[input.name] ?? "fixed";
      if (input.widget?.kind === "number" && input.widget.seed && control !== "fixed")
        seeds[`${id} ${input.name}`] = node.values[input.name] ?? input.start ?? 0;
    }
  }
  useJobs.setState({ seeds });
}

function newSeeds(tab: string): void {
  const document = documentOf(tab);
  const edits: Edit[] = document ? afterRun(document, specs()) : [];
  if (edits.length > 0)
    applyIn(tab, text.edit.seeds, (before) => edits.reduce((made, edit) => edit(made), before), "seeds");
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

/** Say on the nodes themselves what keeps the graph from running; who pressed Run is led to the first of them. */
function showRefusal(refused: Refused, unasked: boolean): void {
  const answer = refused.answer as {
    error?: { message?: string; details?: string };
    node_errors?: Record<string, NodeErrors>;
  };
  const errors = answer.node_errors ?? {};
  clearFailures();
  showErrors(errors);
  const first = Object.keys(errors).find((id) => findNode(current(), id));
  if (first && !unasked) goTo(first);
  const words = [answer.error?.message ?? refused.message, answer.error?.details].filter(Boolean).join(". ");
  tell(first ? text.run.marked(Object.keys(errors).length) : words, "problem");
}

/** End the run of the document in front, else the first that runs. */
export async function cancelRun(): Promise<void> {
  const { queue } = useJobs.getState();
  const own = new Set(jobsHere());
  const all = queue.filter((job) => job.state === "running");
  const running = all.find((job) => own.has(job.id)) ?? all[0] ?? queue[0];
  if (running) await post(`/jobs/${running.id}/cancel`, {});
  await refreshQueue();
}

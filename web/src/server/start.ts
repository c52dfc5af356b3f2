import type { NodeInfo } from "../model/spec";
import { follow } from "../run/follow";
import { watch } from "../run/watch";
import { fill } from "../store/catalogue";
import { useDocument } from "../store/document";
import { useJobs } from "../store/job";
import { calm, tell } from "../store/notice";
import { text } from "../text";
import { get, Offline, Refused } from "./client";
import { openFile } from "./document";
import { restore } from "./keep";
import { keepShortcuts, takeShortcuts } from "./setting";

const FIRST = "text_to_image";
const PAUSE = 1500;
const LONGEST = 8000;
const SAID_AFTER = 2;

/** Get what the editor needs, listen to the server, and show what was open before, or a first graph. */
export async function start(): Promise<void> {
  follow();
  watch();
  keepShortcuts();
  useJobs.subscribe(({ online }, before) => void (online && online !== before.online && takeShortcuts()));
  fill(await patient(() => get<Record<string, NodeInfo>>("/object_info")));
  if (isBlank() && !(await restore())) await openFirst();
}

const isBlank = (): boolean => Object.keys(useDocument.getState().history.document.nodes).length === 0;

/** Open the graph that a new visitor sees, unless something else was opened while it was asked for. */
async function openFirst(): Promise<void> {
  try {
    const workflow = await patient(() => get<unknown>(`/templates/${FIRST}.json`));
    if (!isBlank()) return;
    await openFile(new File([JSON.stringify(workflow)], `${FIRST}.json`, { type: "application/json" }));
  } catch (problem) {
    tell(text.server.noFirst((problem as Error).message), "problem");
  }
}

/** Ask until the server answers: it may still be starting. What is not there is not asked for again. */
async function patient<T>(ask: () => Promise<T>): Promise<T> {
  for (let time = 0; ; time++) {
    try {
      const answer = await ask();
      if (time > SAID_AFTER) calm();
      return answer;
    } catch (problem) {
      if (problem instanceof Refused && problem.status === 404) throw problem;
      if (time === SAID_AFTER)
        tell(
          problem instanceof Offline ? text.server.offline : text.server.again((problem as Error).message),
          "problem",
        );
      await new Promise((done) => setTimeout(done, Math.min(LONGEST, PAUSE * 1.3 ** time)));
    }
  }
}

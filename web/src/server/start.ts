import type { NodeInfo } from "../model/spec";
import { follow } from "../run/follow";
import { watch } from "../run/watch";
import { fill } from "../store/catalogue";
import { useDocument } from "../store/document";
import { tell } from "../store/notice";
import { text } from "../text";
import { get } from "./client";
import { openFile } from "./document";
import { restore } from "./keep";

const FIRST = "text_to_image";
const PAUSE = 1500;

/** Get what the editor needs, listen to the server, and show what was open before, or a first graph. */
export async function start(): Promise<void> {
  follow();
  watch();
  fill(await patient(() => get<Record<string, NodeInfo>>("/object_info")));
  if (Object.keys(useDocument.getState().history.document.nodes).length > 0 || (await restore())) return;
  try {
    const workflow = await get<unknown>(`/templates/${FIRST}.json`);
    await openFile(new File([JSON.stringify(workflow)], `${FIRST}.json`, { type: "application/json" }));
  } catch {
    // Without the first graph the canvas is empty and says how to fill it.
  }
}

/** Ask until the server answers: it may still be starting. */
async function patient<T>(ask: () => Promise<T>): Promise<T> {
  for (let time = 0; ; time++) {
    try {
      return await ask();
    } catch {
      if (time === 2) tell(text.server.offline, "problem");
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  }
}

import type { Point } from "../model/edit";
import { type Source, sourceOf } from "../model/source";
import { get } from "../server/client";
import { current } from "../store/document";
import { type Facts, useGlance } from "../store/glance";
import { jobsHere } from "../store/tab";

const REST = 140;
const MOST = 200;
/** How many runs are looked through for one that had the node. */
const BACK = 4;

let timer = 0;
const known = new Map<string, Facts>();

/** Look at a wire, unless it is only passed. */
export function beginGlance(link: number, screen: Point): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => void look(link, screen), REST);
}

export function endGlance(): void {
  clearTimeout(timer);
  if (useGlance.getState().link !== null) useGlance.setState({ link: null });
}

async function look(id: number, screen: Point): Promise<void> {
  const link = current().links[id];
  if (!link) return;
  useGlance.setState({ link: id, screen, facts: "asking" });
  const facts = await valueAt(sourceOf(current(), link));
  if (useGlance.getState().link === id) useGlance.setState({ facts });
}

/** What an output gave in the last of the runs here that had it. */
export async function valueAt(source: Source | null): Promise<Facts | "unrun"> {
  const jobs = source ? jobsHere().slice(-BACK).reverse() : [];
  let facts: Facts | "unrun" = "unrun";
  for (const job of jobs) {
    facts = await ask(job, source?.node ?? "", source?.slot ?? 0);
    if (facts.kept) break;
  }
  return facts;
}

const NOTHING: Facts = { kept: false, text: "", tensors: [], more: 0, items: null, picture: null };

/** What an output gave in a job. What a job gave does not change, so it is asked for once. */
async function ask(job: string, node: string, slot: number): Promise<Facts> {
  const query = new URLSearchParams({ node, slot: String(slot) });
  const path = `/safelight/jobs/${job}/value?${query}`;
  const before = known.get(path);
  if (before) return before;
  try {
    const facts = await get<Facts>(path);
    if (facts.kept) {
      if (known.size >= MOST) known.delete(known.keys().next().value ?? "");
      known.set(path, facts);
    }
    return facts;
  } catch {
    // A job that was forgotten, or no worker to look: there is nothing to be shown.
    return NOTHING;
  }
}

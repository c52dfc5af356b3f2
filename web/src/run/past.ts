import { differences, type Prompt, searchOf } from "../model/compare";
import { get, Offline, post, Refused, viewAddress } from "../server/client";
import { complain } from "../server/complaint";
import { openFile } from "../server/document";
import type { Found, JobTold } from "../server/told";
import { PAGE, useGallery } from "../store/gallery";
import type { Job } from "../store/job";
import { tell } from "../store/notice";
import type { Picture } from "../store/run";
import { sameFile, useViewer, view } from "../store/viewer";
import { text } from "../text";
import { readJob, refreshPast } from "./queue";

/** Open the workflow that a picture of an earlier run carries. */
export async function openPicture(picture: Picture): Promise<void> {
  try {
    const found = await fetch(viewAddress(picture)).catch((problem) => {
      throw new Offline(String(problem));
    });
    const blob = await found.blob();
    if (!(await openFile(new File([blob], picture.filename, { type: blob.type }))))
      tell(text.server.unreadable, "problem");
  } catch (problem) {
    complain(problem);
  }
}

const SHOWN = new Set(["images", "gifs", "video", "videos"]);

/** Look at what a run made: all of its pictures, among those of the other runs. */
export async function viewRun(job: Job, row: readonly Picture[]): Promise<void> {
  const [first] = job.pictures;
  if (!first) return;
  view(first, row);
  if (job.count < 2) return;
  const { files } = await get<JobTold>(`/safelight/jobs/${job.id}`);
  const own = files
    .filter((one) => SHOWN.has(one.kind))
    .map(({ filename, subfolder, type }): Picture => ({ filename, subfolder, type }));
  useViewer.setState((now) => ({
    row: now.row.flatMap((one) => (sameFile(one, first) && own.length > 0 ? own : [one])),
  }));
}

interface Whole {
  workflow?: { prompt: Prompt; extra_data?: { extra_pnginfo?: { workflow?: unknown } } };
}

/** Open the workflow of an earlier run, whatever became of its files. */
export async function openRun(job: Job): Promise<void> {
  try {
    const { workflow } = await get<Whole>(`/jobs/${job.id}`);
    const tree = workflow?.extra_data?.extra_pnginfo?.workflow ?? workflow?.prompt;
    const name = `${job.title || text.untitled}.json`;
    await openFile(new File([JSON.stringify(tree)], name, { type: "application/json" }));
  } catch (problem) {
    complain(problem);
  }
}

let asked = 0;

/** Look for runs by the words of their prompts, by model and seed. */
export async function searchPast(words: string, limit = PAGE): Promise<void> {
  useGallery.setState({ words, limit });
  const search = searchOf(words);
  asked += 1;
  const mine = asked;
  if (Object.keys(search).length === 0) {
    useGallery.setState({ found: null });
    return refreshPast();
  }
  const query = new URLSearchParams({ ...search, limit: String(limit) });
  try {
    const { jobs, total } = await get<Found>(`/safelight/history?${query}`);
    if (mine === asked) useGallery.setState({ found: jobs.map(readJob), total });
  } catch (problem) {
    if (mine !== asked || !(problem instanceof Refused)) throw problem;
    useGallery.setState({ found: [], total: 0 });
  }
}

/** Choose a run to be compared, or let go of it; the third takes the place of the first. */
export async function compareRun(job: Job): Promise<void> {
  const { pair } = useGallery.getState();
  const next = pair.some((one) => one.id === job.id)
    ? pair.filter((one) => one.id !== job.id)
    : [...pair.slice(-1), job];
  useGallery.setState({ pair: next, differences: null });
  const [first, second] = next;
  if (!first || !second) return;
  const [one, other] = await Promise.all(next.map(({ id }) => get<Whole>(`/jobs/${id}`)));
  if (useGallery.getState().pair === next)
    useGallery.setState({
      differences: differences(one?.workflow?.prompt ?? {}, other?.workflow?.prompt ?? {}),
    });
}

/** Take a run out of the history. Its files stay. */
export async function forgetPast(job: Job): Promise<void> {
  await post("/history", { delete: [job.id] });
  useGallery.setState(({ pair }) => ({ pair: pair.filter((one) => one.id !== job.id), differences: null }));
  const { words, limit } = useGallery.getState();
  await Promise.all([refreshPast(), searchPast(words, limit)]);
}

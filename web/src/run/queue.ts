import { get, post } from "../server/client";
import { useGallery } from "../store/gallery";
import { type Job, type JobState, useJobs } from "../store/job";
import type { Picture } from "../store/run";

/** A run as the server tells it. */
export interface Told {
  id: string;
  state: JobState;
  title?: string;
  create_time: number;
  execution_start_time?: number;
  execution_end_time?: number;
  preview_output?: Picture | null;
  previewable_outputs_count?: number;
  models?: string[];
}

export const readJob = (job: Told): Job => ({
  id: job.id,
  state: job.state,
  created: job.create_time,
  seconds:
    job.execution_start_time && job.execution_end_time
      ? (job.execution_end_time - job.execution_start_time) / 1000
      : null,
  pictures: job.preview_output?.filename ? [job.preview_output] : [],
  title: job.title ?? "",
  count: job.previewable_outputs_count ?? 0,
  models: job.models ?? [],
});

interface Queue {
  running: Told[];
  waiting: Told[];
  paused: boolean;
}

/** Ask for what runs and waits. */
export async function refreshQueue(): Promise<void> {
  const { running, waiting, paused } = await get<Queue>("/safelight/queue");
  useJobs.setState({ paused, queue: [...running, ...waiting].map(readJob) });
}

/** Ask for what ended. */
export async function refreshPast(): Promise<void> {
  const { limit, found } = useGallery.getState();
  const { jobs, total } = await get<{ jobs: Told[]; total: number }>(`/safelight/history?limit=${limit}`);
  useJobs.setState({ past: jobs.map(readJob) });
  if (found === null) useGallery.setState({ total });
}

export async function dropJob(id: string): Promise<void> {
  await post(`/jobs/${id}/cancel`, {});
  await refreshQueue();
}

/** Take no further run up, or go on. */
export async function pauseQueue(paused: boolean): Promise<void> {
  await post("/safelight/queue", { paused });
  await refreshQueue();
}

export async function clearWaiting(): Promise<void> {
  await post("/queue", { clear: true });
  await refreshQueue();
}

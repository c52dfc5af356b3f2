import { get, post } from "../server/client";
import type { Found, JobListed, QueueTold } from "../server/told";
import { useGallery } from "../store/gallery";
import { type Job, useJobs } from "../store/job";
import type { Picture } from "../store/run";

/** A run of a list, as the server tells it. */
export const readJob = (job: JobListed): Job => ({
  id: job.id,
  state: job.state,
  created: job.create_time,
  seconds:
    job.execution_start_time && job.execution_end_time
      ? (job.execution_end_time - job.execution_start_time) / 1000
      : null,
  pictures: job.preview_output?.filename ? [job.preview_output as unknown as Picture] : [],
  title: job.title,
  count: job.previewable_outputs_count,
  models: job.models,
});

/** Ask for what runs and waits. */
export async function refreshQueue(): Promise<void> {
  const { running, waiting, paused } = await get<QueueTold>("/safelight/queue");
  useJobs.setState({ paused, queue: [...running, ...waiting].map(readJob) });
}

/** Ask for what ended. */
export async function refreshPast(): Promise<void> {
  const { limit, found } = useGallery.getState();
  const { jobs, total } = await get<Found>(`/safelight/history?limit=${limit}`);
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

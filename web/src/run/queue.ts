import { get, post } from "../server/client";
import { type Job, type JobState, useJobs } from "../store/job";
import type { Picture } from "../store/run";

interface Told {
  id: string;
  state: JobState;
  title?: string;
  create_time: number;
  execution_start_time?: number;
  execution_end_time?: number;
  preview_output?: Picture | null;
}

const read = (job: Told): Job => ({
  id: job.id,
  state: job.state,
  created: job.create_time,
  seconds:
    job.execution_start_time && job.execution_end_time
      ? (job.execution_end_time - job.execution_start_time) / 1000
      : null,
  pictures: job.preview_output?.filename ? [job.preview_output] : [],
  title: job.title ?? "",
});

/** Ask for what runs and waits. */
export async function refreshQueue(): Promise<void> {
  const { running, waiting } = await get<{ running: Told[]; waiting: Told[] }>("/safelight/queue");
  useJobs.setState({ queue: [...running, ...waiting].map(read) });
}

/** Ask for what ended. */
export async function refreshPast(): Promise<void> {
  const { jobs } = await get<{ jobs: Told[] }>("/safelight/history?limit=60");
  useJobs.setState({ past: jobs.map(read) });
}

export async function dropJob(id: string): Promise<void> {
  await post(`/jobs/${id}/cancel`, {});
  await refreshQueue();
}

export async function clearWaiting(): Promise<void> {
  await post("/queue", { clear: true });
  await refreshQueue();
}

import { clearWaiting, dropJob } from "../run/queue";
import { type Job, useJobs } from "../store/job";
import { useRun } from "../store/run";
import { text } from "../text";
import { Icon } from "./Icon";

/** The runs that wait and the one that runs. */
export function QueueList() {
  const queue = useJobs((state) => state.queue);
  if (queue.length === 0) return <p className="drawer-none">{text.queue.empty}</p>;
  return (
    <>
      <ul className="jobs">
        {queue.map((job) => (
          <li key={job.id} className="job" data-state={job.state}>
            <span className="job-name">{job.title || text.untitled}</span>
            {job.state === "running" ? <Progress /> : <span className="job-state">{text.queue.waiting}</span>}
            <Drop job={job} />
          </li>
        ))}
      </ul>
      {queue.some((job) => job.state === "queued") && (
        <button type="button" className="drawer-action" onClick={() => void clearWaiting()}>
          {text.queue.clear}
        </button>
      )}
    </>
  );
}

function Drop({ job }: { job: Job }) {
  const label = job.state === "running" ? text.command.cancel : text.queue.remove;
  return (
    <button
      type="button"
      className="bar-button"
      aria-label={label}
      title={label}
      onClick={() => void dropJob(job.id)}
    >
      <Icon name="close" />
    </button>
  );
}

function Progress() {
  const running = useRun((state) =>
    Object.values(state.nodes).find((one) => one.phase === "running" && one.max > 1),
  );
  return (
    <progress
      className="job-progress"
      {...(running ? { value: running.value, max: running.max } : {})}
      aria-label={text.queue.running}
    />
  );
}

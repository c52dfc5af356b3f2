import { clearWaiting, dropJob, pauseQueue } from "../run/queue";
import { type Job, useJobs } from "../store/job";
import { useRun } from "../store/run";
import { text } from "../text";
import { Icon } from "./Icon";
import { Sure } from "./Sure";

/** The runs that wait and the one that runs. */
export function QueueList() {
  const queue = useJobs((state) => state.queue);
  const waiting = queue.filter((job) => job.state === "queued").length;
  return (
    <>
      <Pause />
      {queue.length === 0 && <p className="drawer-none">{text.queue.empty}</p>}
      <ul className="jobs">
        {queue.map((job) => (
          <li key={job.id} className="job" data-state={job.state}>
            <span className="job-name">{job.title || text.untitled}</span>
            {job.state === "running" ? <Progress /> : <span className="job-state">{text.queue.waiting}</span>}
            <Drop job={job} />
          </li>
        ))}
      </ul>
      {waiting > 0 && (
        <Sure
          label={text.queue.clear}
          question={text.queue.sure(waiting)}
          className="drawer-action"
          act={() => void clearWaiting()}
        />
      )}
    </>
  );
}

/** Stops runs from being taken up, without losing one. */
function Pause() {
  const paused = useJobs((state) => state.paused);
  return (
    <button
      type="button"
      className="drawer-action"
      aria-pressed={paused}
      onClick={() => void pauseQueue(!paused)}
    >
      {paused ? text.queue.goOn : text.queue.pause}
    </button>
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

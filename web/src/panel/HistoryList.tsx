import { useState } from "react";
import { still } from "../model/still";
import { compareRun, forgetPast, openRun, searchPast, viewRun } from "../run/past";
import { viewAddress } from "../server/client";
import { complain } from "../server/complaint";
import { PAGE, useGallery } from "../store/gallery";
import { type Job, useJobs } from "../store/job";
import type { Picture } from "../store/run";
import { text } from "../text";
import { Icon, type IconName } from "./Icon";
import { pictureMenu } from "./pictureMenu";
import { RunPair } from "./RunPair";
import { Sure } from "./Sure";
import { isFilm, isSound } from "./viewer/film";

const report = (promise: Promise<unknown>) => void promise.catch(complain);

/** The runs that ended, with their pictures: a click shows one, a drag to the canvas brings its workflow back. */
export function HistoryList() {
  const past = useJobs((state) => state.past);
  const { words, found, limit, total } = useGallery();
  const list = found ?? past;
  const { shown, hold, release } = useStill(list, words);
  const row = shown.flatMap((job) => job.pictures);
  return (
    <div className="gallery">
      <input
        type="search"
        className="gallery-search"
        aria-label={text.history.search}
        placeholder={text.history.search}
        value={words}
        onChange={(event) => report(searchPast(event.target.value))}
      />
      {shown.length === 0 && (
        <p className="drawer-none">{found ? text.history.nothing : text.history.empty}</p>
      )}
      {shown.length < list.length && (
        <button type="button" className="past-new" onClick={release}>
          {text.history.fresh(list.length - shown.length)}
        </button>
      )}
      <ul className="past" onPointerEnter={hold} onPointerLeave={release}>
        {shown.map((job) => (
          <Run key={job.id} job={job} row={row} />
        ))}
        {total > list.length && (
          <li className="past-more">
            <button
              type="button"
              className="drawer-action"
              onClick={() => report(searchPast(words, limit + PAGE))}
            >
              {text.history.more}
            </button>
          </li>
        )}
      </ul>
      <RunPair />
    </div>
  );
}

/** While somebody points at the list it does not move: what is about to be pressed stays where it is. */
function useStill(list: readonly Job[], words: string) {
  const [held, setHeld] = useState<{ words: string; known: ReadonlySet<string> } | null>(null);
  return {
    shown: still(list, held?.words === words ? held.known : null),
    hold: () => setHeld({ words, known: new Set(list.map((job) => job.id)) }),
    release: () => setHeld(null),
  };
}

function Run({ job, row }: { job: Job; row: readonly Picture[] }) {
  const paired = useGallery((state) => state.pair.some((one) => one.id === job.id));
  const [picture] = job.pictures;
  return (
    <li data-pair={paired ? "" : undefined}>
      {picture ? <Shown job={job} picture={picture} row={row} /> : <NoPicture job={job} />}
      {job.count > 1 && (
        <span className="past-count" title={text.history.many(job.count)}>
          {job.count}
        </span>
      )}
      <footer>
        <span>{job.seconds === null ? "" : text.run.seconds(job.seconds)}</span>
        <Act icon="pair" label={text.history.compare} pressed={paired} act={() => report(compareRun(job))} />
        <Act icon="folder" label={text.history.open} act={() => void openRun(job)} />
        <Sure
          icon="bin"
          label={text.history.forget}
          question={text.history.sure}
          act={() => report(forgetPast(job))}
        />
      </footer>
    </li>
  );
}

interface ActProps {
  readonly icon: IconName;
  readonly label: string;
  readonly act: () => void;
  readonly pressed?: boolean;
}

function Act({ icon, label, act, pressed }: ActProps) {
  return (
    <button type="button" aria-label={label} title={label} aria-pressed={pressed} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

interface ShownProps {
  readonly job: Job;
  readonly picture: Picture;
  readonly row: readonly Picture[];
}

function Shown({ job, picture, row }: ShownProps) {
  const [gone, setGone] = useState(false);
  return (
    <button
      type="button"
      className="past-picture"
      aria-label={`${text.history.view} ${picture.filename}`}
      onClick={() => report(viewRun(job, row))}
      {...pictureMenu(picture, row)}
      onDragStart={(event) => event.dataTransfer.setData("text/uri-list", viewAddress(picture))}
    >
      {isSound(picture) ? (
        <span className="past-none">{picture.filename}</span>
      ) : isFilm(picture) ? (
        <video src={viewAddress(picture)} muted loop autoPlay />
      ) : gone ? (
        <span className="past-none">{picture.filename}</span>
      ) : (
        <img
          src={viewAddress(picture, { preview: "webp;80" })}
          alt={picture.filename}
          loading="lazy"
          draggable
          onError={() => setGone(true)}
        />
      )}
    </button>
  );
}

function NoPicture({ job }: { job: Job }) {
  const state =
    job.state === "failed" || job.state === "cancelled" ? text.history[job.state] : text.history.none;
  return (
    <div className="past-picture">
      <span className="past-none">{[job.title, state].filter(Boolean).join(": ")}</span>
    </div>
  );
}

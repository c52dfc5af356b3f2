import { openPicture } from "../run/past";
import { viewAddress } from "../server/client";
import { useJobs } from "../store/job";
import { view } from "../store/viewer";
import { text } from "../text";

/** The runs that ended, with their pictures: a click shows one, a drag to the canvas brings its workflow back. */
export function HistoryList() {
  const past = useJobs((state) => state.past);
  const shown = past.filter((job) => job.pictures.length > 0);
  const pictures = shown.flatMap((job) => job.pictures);
  if (shown.length === 0) return <p className="drawer-none">{text.history.empty}</p>;
  return (
    <ul className="past">
      {shown.map((job) =>
        job.pictures.map((picture) => (
          <li key={`${job.id} ${picture.filename}`}>
            <button
              type="button"
              className="past-picture"
              aria-label={`${text.history.view} ${picture.filename}`}
              onClick={() => view(picture, pictures)}
              onDragStart={(event) => event.dataTransfer.setData("text/uri-list", viewAddress(picture))}
            >
              <img
                src={viewAddress(picture, { preview: "webp;80" })}
                alt={picture.filename}
                loading="lazy"
                draggable
              />
            </button>
            <footer>
              <span>{job.seconds === null ? "" : text.run.seconds(job.seconds)}</span>
              <button type="button" onClick={() => void openPicture(picture)}>
                {text.history.open}
              </button>
            </footer>
          </li>
        )),
      )}
    </ul>
  );
}

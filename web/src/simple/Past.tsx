import { distinct } from "../model/picture";
import { pictureMenu } from "../panel/pictureMenu";
import { isFilm, isSound } from "../panel/viewer/film";
import { viewAddress } from "../server/client";
import { useJobs } from "../store/job";
import { view } from "../store/viewer";
import { simple as say } from "../text/simple";

const MOST = 24;

/** The last pictures, to be looked at again. */
export function Past() {
  const past = useJobs((state) => state.past);
  const pictures = distinct(past.flatMap((job) => job.pictures)).slice(0, MOST);
  if (pictures.length === 0) return null;
  return (
    <ul className="simple-past" aria-label={say.past}>
      {pictures.map((one) => (
        <li key={viewAddress(one)}>
          <button
            type="button"
            aria-label={`${say.open}: ${one.filename}`}
            onClick={() => view(one, pictures)}
            {...pictureMenu(one, pictures)}
          >
            {isSound(one) ? (
              <span className="past-none">{one.filename}</span>
            ) : isFilm(one) ? (
              <video src={viewAddress(one)} muted preload="metadata" />
            ) : (
              <img src={viewAddress(one, { preview: "webp;80" })} alt="" loading="lazy" />
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

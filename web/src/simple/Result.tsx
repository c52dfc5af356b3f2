import { Player } from "../panel/Player";
import { pictureMenu } from "../panel/pictureMenu";
import { isStill } from "../panel/viewer/film";
import { viewAddress } from "../server/client";
import type { Picture } from "../store/run";
import { view } from "../store/viewer";
import { simple as say } from "../text/simple";
import { type Progress, useProgress, useResult } from "./result";

/** The picture: as it comes, and when it is done. */
export function Result() {
  const { pictures, words } = useResult();
  const progress = useProgress();
  return (
    <div className="simple-result" data-state={progress.state}>
      {progress.preview ? (
        <img className="simple-picture" src={progress.preview} alt={say.making} />
      ) : pictures.length > 0 ? (
        <Pictures pictures={pictures} />
      ) : words ? (
        <pre className="simple-words">{words}</pre>
      ) : (
        <p className="simple-empty">{progress.state === "idle" ? say.empty : say.making}</p>
      )}
      {progress.state !== "idle" && <Bar progress={progress} />}
    </div>
  );
}

function Pictures({ pictures }: { pictures: readonly Picture[] }) {
  const many = pictures.length > 1;
  return (
    <div className="simple-pictures" data-many={many ? "" : undefined}>
      {pictures.map((one) =>
        isStill(one) ? (
          <button
            key={viewAddress(one)}
            type="button"
            aria-label={`${say.open}: ${one.filename}`}
            onClick={() => view(one, pictures)}
            {...pictureMenu(one, pictures)}
          >
            <img className="simple-picture" src={viewAddress(one)} alt={one.filename} onLoad={sharpen} />
          </button>
        ) : (
          <Player key={viewAddress(one)} className="simple-picture" picture={one} />
        ),
      )}
    </div>
  );
}

/** Small pictures are shown large by whole pixels, not blurred. */
function sharpen(event: React.SyntheticEvent<HTMLImageElement>): void {
  const { naturalWidth, style } = event.currentTarget;
  style.imageRendering = naturalWidth <= 256 ? "pixelated" : "auto";
}

function Bar({ progress }: { progress: Progress }) {
  const words = progress.state === "waiting" ? say.waiting : progress.title;
  return (
    <div className="simple-progress">
      <progress
        aria-label={say.making}
        {...(progress.part === null ? {} : { value: progress.part, max: 1 })}
      />
      <span>
        {words}
        {progress.part !== null && ` · ${Math.round(progress.part * 100)} %`}
      </span>
    </div>
  );
}

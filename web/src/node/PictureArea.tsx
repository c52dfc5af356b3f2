import { useState } from "react";
import { pictureMenu } from "../panel/pictureMenu";
import { isFilm } from "../panel/viewer/film";
import { viewAddress } from "../server/client";
import { useNode } from "../store/document";
import { type Picture, useRun } from "../store/run";
import { view } from "../store/viewer";
import { text } from "../text";
import { readPicture } from "./picture";

const NONE: readonly Picture[] = [];

/** The pictures that a node made or reads. */
export function PictureArea({ id, y, height }: { id: string; y: number; height: number }) {
  const made = useRun((state) => state.pictures[id]) ?? NONE;
  useNode(id);
  const read = readPicture(id);
  const pictures = made.length > 0 ? made : read ? [read] : NONE;
  return (
    <div className="node-pictures" data-count={Math.min(pictures.length, 9)} style={{ top: y, height }}>
      {pictures.slice(0, 9).map((picture) => (
        <Shown key={viewAddress(picture)} id={id} picture={picture} pictures={pictures} />
      ))}
    </div>
  );
}

interface ShownProps {
  readonly id: string;
  readonly picture: Picture;
  readonly pictures: readonly Picture[];
}

function Shown({ id, picture, pictures }: ShownProps) {
  const [broken, setBroken] = useState(false);
  if (broken) return null;
  return (
    <button
      type="button"
      className="node-picture nodrag"
      title={picture.filename}
      aria-label={`${text.history.view} ${picture.filename}`}
      onClick={() => view(picture, pictures)}
      {...pictureMenu(picture, pictures, id)}
    >
      {isFilm(picture) ? (
        <video src={viewAddress(picture)} autoPlay loop muted onError={() => setBroken(true)} />
      ) : (
        <img
          src={viewAddress(picture)}
          alt={picture.filename}
          draggable={false}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
        />
      )}
    </button>
  );
}

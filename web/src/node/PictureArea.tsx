import { useState } from "react";
import { Icon } from "../panel/Icon";
import { Player } from "../panel/Player";
import { pictureMenu } from "../panel/pictureMenu";
import { isStill } from "../panel/viewer/film";
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
  if (!isStill(picture)) return <Played id={id} picture={picture} pictures={pictures} />;
  return (
    <button
      type="button"
      className="node-picture nodrag"
      title={picture.filename}
      aria-label={`${text.history.view} ${picture.filename}`}
      onClick={() => view(picture, pictures)}
      {...pictureMenu(picture, pictures, id)}
    >
      <img
        src={viewAddress(picture)}
        alt={picture.filename}
        draggable={false}
        loading="lazy"
        decoding="async"
        onError={() => setBroken(true)}
      />
    </button>
  );
}

/** A film or a sound, with its keys: they take the clicks, so that another button shows it large. */
function Played({ id, picture, pictures }: ShownProps) {
  const [broken, setBroken] = useState(false);
  return (
    <div
      className="node-picture node-played nodrag"
      title={picture.filename}
      {...pictureMenu(picture, pictures, id)}
    >
      {broken ? (
        <span className="node-unplayed">{text.node.unplayed(picture.filename)}</span>
      ) : (
        <Player picture={picture} failed={() => setBroken(true)} />
      )}
      <button
        type="button"
        className="node-enlarge"
        aria-label={`${text.history.view} ${picture.filename}`}
        onClick={() => view(picture, pictures)}
      >
        <Icon name="fit" />
      </button>
    </div>
  );
}

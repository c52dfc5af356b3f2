import type { CSSProperties } from "react";
import { viewAddress } from "../../server/client";
import type { Picture } from "../../store/run";
import { Player } from "../Player";
import { pictureMenu } from "../pictureMenu";
import { isFilm, isSound } from "./film";
import type { Size } from "./look";

interface Props {
  readonly picture: Picture;
  readonly style: CSSProperties;
  readonly second?: boolean;
  readonly loaded?: (size: Size) => void;
}

/** A picture, a film that plays, or a sound to be played. */
export function Shown({ picture, style, second, loaded }: Props) {
  const props = {
    src: viewAddress(picture),
    className: second ? "viewer-second" : undefined,
    style,
    ...pictureMenu(picture),
  };
  if (isSound(picture)) return <Player picture={picture} className="viewer-sound" />;
  return isFilm(picture) ? (
    <video
      {...props}
      controls
      loop
      autoPlay
      muted
      onLoadedMetadata={({ currentTarget: film }) =>
        loaded?.({ width: film.videoWidth, height: film.videoHeight })
      }
    />
  ) : (
    <img
      {...props}
      alt=""
      draggable={false}
      onLoad={({ currentTarget: image }) =>
        loaded?.({ width: image.naturalWidth, height: image.naturalHeight })
      }
    />
  );
}

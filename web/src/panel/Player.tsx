import { viewAddress } from "../server/client";
import type { Picture } from "../store/run";
import { isSound } from "./viewer/film";

interface Props {
  readonly picture: Picture;
  readonly className?: string;
  /** Told when the browser cannot play the file. */
  readonly failed?: () => void;
}

/** A film that plays, or a sound that waits to be played, with the keys for both. */
export function Player({ picture, className, failed }: Props) {
  const own = {
    src: viewAddress(picture),
    className,
    controls: true,
    "aria-label": picture.filename,
    ...(failed ? { onError: failed } : {}),
  };
  return isSound(picture) ? (
    <audio {...own} preload="metadata" />
  ) : (
    <video {...own} autoPlay loop muted playsInline />
  );
}

import type { Picture } from "../../store/run";

const FILMS = /\.(mp4|webm|mov|mkv|m4v|ogv|avi|mpe?g)$/i;
const SOUNDS = /\.(flac|mp3|opus|ogg|oga|wav|m4a|aac|aiff?)$/i;

/** Whether a file is a film, which a picture element does not play. Animated pictures play by themselves. */
export const isFilm = (picture: Picture): boolean => FILMS.test(picture.filename);

/** Whether a file is a sound: there is nothing to see. */
export const isSound = (picture: Picture): boolean => SOUNDS.test(picture.filename);

/** Whether a file is neither: a picture. */
export const isStill = (picture: Picture): boolean => !isFilm(picture) && !isSound(picture);

/** How a message or a list calls what a file's kind (`video/mp4`) says it is. */
export const kindOf = (type: string): string => type.split("/")[0] ?? "";

import type { Picture } from "../../store/run";

const FILMS = /\.(mp4|webm|mov|mkv|m4v|ogv)$/i;

/** Whether a file is a film, which a picture element does not play. Animated pictures play by themselves. */
export const isFilm = (picture: Picture): boolean => FILMS.test(picture.filename);

import { chosen, chosenFrames, chosenLinks, chosenPoints } from "../store/selection";

/** When a command has something to work on. */
export const some = (): boolean => chosen().length > 0;
export const several = (): boolean => chosen().length > 1;
export const one = (): boolean => chosen().length === 1;
export const anything = (): boolean =>
  chosen().length + chosenFrames().length + chosenLinks().length + chosenPoints().length > 0;

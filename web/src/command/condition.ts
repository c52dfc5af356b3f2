import { isNote } from "../model/frontend";
import { current } from "../store/document";
import { chosen, chosenFrames, chosenLinks, chosenPoints } from "../store/selection";

/** When a command has something to work on. */
export const some = (): boolean => chosen().length > 0;
export const several = (): boolean => chosen().length > 1;
export const one = (): boolean => chosen().length === 1;
export const anything = (): boolean =>
  chosen().length + chosenFrames().length + chosenLinks().length + chosenPoints().length > 0;

/** Whether anything chosen can run: all but notes. */
export const working = (): boolean => chosen().some(runs);
export const oneWorking = (): boolean => one() && working();
const runs = (id: string): boolean => !isNote(current().nodes[id]?.type ?? "");

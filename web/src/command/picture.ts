import { isFilm } from "../panel/viewer/film";
import { paintMaskOn } from "../run/mask";
import { openPicture } from "../run/past";
import { chosenReader, copyName, copyPicture, savePicture, takeAsInput } from "../run/picture";
import { useMode } from "../simple/mode";
import type { Picture } from "../store/run";
import { closeViewer, compareWith, sameFile, useViewer, view } from "../store/viewer";
import { text } from "../text";
import { picture as say } from "../text/picture";
import { type Command, report } from "./command";
import { nodeTitle } from "./title";

/** A picture somewhere in the window, those beside it, and the node that shows it. */
export interface Pictured {
  readonly picture: Picture;
  readonly row: readonly Picture[];
  readonly node: string;
}

/** What can be done with a picture, in groups. */
export function pictureCommands(pictured: Pictured): Command[][] {
  const { picture } = pictured;
  const film = isFilm(picture);
  return [
    useViewer.getState().picture ? [] : looking(pictured),
    [
      entry("copy-picture", say.copy, () => report(copyPicture(picture)), !film),
      entry("copy-name", say.copyName, () => report(copyName(picture))),
      entry("save-picture", say.save, () => savePicture(picture)),
    ],
    [
      entry("open-workflow", say.workflow, () => onward(() => report(openPicture(picture)))),
      ...(useMode.getState().simple ? [] : using(pictured, film)),
    ],
  ];
}

const entry = (id: string, label: string, run: () => void, can = true): Command => ({
  id,
  label,
  group: text.group.view,
  keys: [],
  run,
  can: () => can,
});

/** What leads away from the viewer closes it. */
function onward(act: () => void): void {
  closeViewer();
  act();
}

function looking({ picture, row }: Pictured): Command[] {
  const { last } = useViewer.getState();
  const other = sameFile(last, picture) ? null : last;
  return [
    entry("view-picture", say.view, () => view(picture, row)),
    entry(
      "compare-picture",
      other ? say.compare(other.filename) : say.compareNone,
      () => {
        if (!other) return;
        view(other, [other, picture]);
        compareWith(picture);
      },
      other !== null,
    ),
  ];
}

function using({ picture, node }: Pictured, film: boolean): Command[] {
  const reader = chosenReader();
  return [
    entry("mask-picture", say.mask, () => onward(() => paintMaskOn(picture, node)), !film),
    entry(
      "use-picture",
      reader ? say.into(nodeTitle(reader)) : say.use,
      () => onward(() => report(takeAsInput(picture))),
      !film,
    ),
  ];
}

import { pictureOf } from "../model/picture";
import { isStill } from "../panel/viewer/film";
import { viewAddress } from "../server/client";
import { specs } from "../store/catalogue";
import { current } from "../store/document";
import { type Picture, useRun } from "../store/run";

/** The picture, film or sound that a node reads, when one of its inputs is such a file. */
export function readPicture(id: string): Picture | null {
  const node = current().nodes[id];
  const input =
    node && specs()[node.type]?.inputs.find((one) => one.widget?.kind === "choice" && one.widget.upload);
  const value = input && (node.values[input.name] ?? input.start);
  return typeof value === "string" && value !== "" ? pictureOf(value) : null;
}

/** Where the picture is that a node shows now, or null when it shows none. */
export function pictureAddress(id: string): string | null {
  const { previews, pictures } = useRun.getState();
  const preview = previews[id];
  if (preview) return preview;
  const picture = pictures[id]?.[0] ?? readPicture(id);
  return picture && isStill(picture) ? viewAddress(picture) : null;
}

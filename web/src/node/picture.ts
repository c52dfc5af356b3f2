import { viewAddress } from "../server/client";
import { specs } from "../store/catalogue";
import { current } from "../store/document";
import { type Picture, useRun } from "../store/run";

/** A file value such as `sub/name.png [output]` as the picture that it names. */
export function namedPicture(value: string): Picture {
  const found = /^(.*?)(?: \[(input|output|temp)\])?$/.exec(value);
  const path = found?.[1] ?? value;
  const cut = path.lastIndexOf("/");
  return {
    filename: path.slice(cut + 1),
    subfolder: cut < 0 ? "" : path.slice(0, cut),
    type: found?.[2] ?? "input",
  };
}

/** The picture that a node reads, when one of its inputs is a picture file. */
export function readPicture(id: string): Picture | null {
  const node = current().nodes[id];
  const input =
    node && specs()[node.type]?.inputs.find((one) => one.widget?.kind === "choice" && one.widget.upload);
  const value = input && (node.values[input.name] ?? input.start);
  return typeof value === "string" && value !== "" ? namedPicture(value) : null;
}

/** Where the picture is that a node shows now, or null when it shows none. */
export function pictureAddress(id: string): string | null {
  const { previews, pictures } = useRun.getState();
  const preview = previews[id];
  if (preview) return preview;
  const picture = pictures[id]?.[0] ?? readPicture(id);
  return picture ? viewAddress(picture) : null;
}

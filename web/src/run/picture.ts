import { middle, reveal } from "../canvas/camera";
import { addition } from "../model/addition";
import { type Point, setValue } from "../model/edit";
import { nameOf } from "../model/picture";
import { viewAddress } from "../server/client";
import { offer, upload } from "../server/upload";
import { specs } from "../store/catalogue";
import { apply, current } from "../store/document";
import { tell } from "../store/notice";
import type { Picture } from "../store/run";
import { chosen, select } from "../store/selection";
import { text } from "../text";
import { picture as say } from "../text/picture";

/** The input of a node that names a picture file. */
export const pictureInput = (node: string): string | undefined =>
  specs()[current().nodes[node]?.type ?? ""]?.inputs.find(
    (one) => one.widget?.kind === "choice" && one.widget.upload === "image",
  )?.name;

/** The chosen node, where it reads a picture. */
export function chosenReader(): string | null {
  const [node, more] = chosen();
  return node !== undefined && more === undefined && pictureInput(node) ? node : null;
}

/** Put a picture's pixels onto the clipboard. */
export async function copyPicture(picture: Picture): Promise<void> {
  if (!("ClipboardItem" in window) || !navigator.clipboard) return tell(say.noClipboard, "problem");
  await navigator.clipboard.write([new ClipboardItem({ "image/png": asPng(picture) })]);
  tell(say.copied);
}

/** Clipboards take PNG alone. */
async function asPng(picture: Picture): Promise<Blob> {
  const blob = await fetched(picture);
  if (blob.type === "image/png") return blob;
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  return canvas.convertToBlob();
}

const fetched = async (picture: Picture): Promise<Blob> => (await fetch(viewAddress(picture))).blob();

/** Put the name by which nodes read a picture onto the clipboard. */
export async function copyName(picture: Picture): Promise<void> {
  const name = nameOf(picture);
  await navigator.clipboard.writeText(name);
  tell(say.copiedName(name));
}

/** Hand the file to the person. */
export const savePicture = (picture: Picture): void =>
  Object.assign(document.createElement("a"), {
    href: viewAddress(picture),
    download: picture.filename,
  }).click();

/** Have the chosen node read a picture, or else a new one; what would soon be gone is kept as an input. */
export async function takeAsInput(picture: Picture): Promise<void> {
  const value =
    picture.type === "temp"
      ? await upload(new File([await fetched(picture)], picture.filename))
      : nameOf(picture);
  offer(value);
  const reader = chosenReader();
  const input = reader && pictureInput(reader);
  if (reader && input) apply(text.edit.value(input), setValue(reader, input, value));
  else addReader(value, middle().place, text.edit.add(specs().LoadImage?.title ?? ""));
}

/** Add a node that reads a picture, where there is room. */
export function addReader(value: string, place: Point, label: string): void {
  const spec = specs().LoadImage;
  if (!spec) return;
  const added = addition(current(), spec, place, null, specs(), true);
  const input = spec.inputs.find((one) => one.widget?.kind === "choice" && one.widget.upload)?.name ?? "";
  apply(label, () => setValue(added.id, input, value)(added.document));
  select([added.id]);
  reveal(added.id);
}

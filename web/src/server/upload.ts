import type { Mask } from "../model/mask";
import { useCatalogue } from "../store/catalogue";
import type { Picture } from "../store/run";
import { ask } from "./client";

/** Bring a picture into the server's input folder; gives the value that names it. */
export async function upload(file: File): Promise<string> {
  const form = new FormData();
  form.append("image", file);
  return placed(await ask("/upload/image", { method: "POST", body: form }));
}

/** Bring a mask for a picture; the server keeps both as one new picture, which the value names. */
export async function uploadMask(picture: Picture, mask: Mask): Promise<string> {
  const pixels = new ImageData(mask.width, mask.height);
  for (let at = 0; at < mask.data.length; at++) pixels.data[at * 4 + 3] = 255 - (mask.data[at] ?? 0);
  const canvas = new OffscreenCanvas(mask.width, mask.height);
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  const form = new FormData();
  const name = `${picture.filename.replace(/\.[^.]+$/, "").replace(/-masked$/, "")}-masked.png`;
  form.append("image", new File([await canvas.convertToBlob()], name, { type: "image/png" }));
  form.append("original_ref", JSON.stringify(picture));
  return placed(await ask("/upload/mask", { method: "POST", body: form }));
}

/** The value that names what was uploaded. */
async function placed(answer: Response): Promise<string> {
  const { name, subfolder } = (await answer.json()) as { name: string; subfolder: string };
  const value = subfolder ? `${subfolder}/${name}` : name;
  offer(value);
  return value;
}

/** Let every list of pictures have one that is not among them. */
export function offer(value: string): void {
  useCatalogue.setState(({ specs }) => ({
    specs: Object.fromEntries(
      Object.entries(specs).map(([id, spec]) => {
        const has = spec.inputs.some(
          (one) => one.widget?.kind === "choice" && one.widget.upload && !one.widget.options.includes(value),
        );
        if (!has) return [id, spec];
        const inputs = spec.inputs.map((one) =>
          one.widget?.kind === "choice" && one.widget.upload
            ? { ...one, widget: { ...one.widget, options: [...one.widget.options, value] } }
            : one,
        );
        return [id, { ...spec, inputs }];
      }),
    ),
  }));
}

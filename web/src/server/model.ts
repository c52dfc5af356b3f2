import { useEffect, useState } from "react";
import { get } from "./client";

/** Which kind of models an input chooses from, by the names that node types use. */
const KINDS: Readonly<Record<string, string>> = {
  ckpt_name: "checkpoints",
  lora_name: "loras",
  vae_name: "vae",
  unet_name: "diffusion_models",
  clip_name: "text_encoders",
  control_net_name: "controlnet",
  style_model_name: "style_models",
  model_name: "upscale_models",
};

interface Told {
  name: string;
  pathIndex: number;
}

/** The address of a model's small picture; there is none for most. */
const addressOf = (kind: string, { name, pathIndex }: Told): string =>
  `/experiment/models/preview/${kind}/${pathIndex}/${name.split("/").map(encodeURIComponent).join("/")}`;

type Pictures = ReadonlyMap<string, string>;

/** The small pictures of the models that an input chooses from, once its list is open; null where it is none. */
export function useModelPictures(input: string, open: boolean): Pictures | null {
  const kind = KINDS[input];
  const [pictures, setPictures] = useState<Pictures | null>(null);
  useEffect(() => {
    if (!kind || !open) return;
    let here = true;
    get<Told[]>(`/experiment/models/${kind}`)
      .then((told) => here && setPictures(new Map(told.map((one) => [one.name, addressOf(kind, one)]))))
      .catch(() => undefined); // The list works without pictures.
    return () => {
      here = false;
    };
  }, [kind, open]);
  return pictures;
}

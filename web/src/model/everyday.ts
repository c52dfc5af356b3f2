import { closeness } from "./addition";
import type { Hanging } from "./hang";
import type { Spec } from "./spec";

/** The nodes that most graphs are made of, about in the order in which they are needed. */
const EVERYDAY: readonly string[] = [
  "CheckpointLoaderSimple",
  "CLIPTextEncode",
  "EmptyLatentImage",
  "KSampler",
  "VAEDecode",
  "SaveImage",
  "PreviewImage",
  "LoadImage",
  "VAEEncode",
  "LoraLoader",
  "ControlNetLoader",
  "ControlNetApplyAdvanced",
  "UpscaleModelLoader",
  "ImageUpscaleWithModel",
  "ImageScaleBy",
  "LatentUpscaleBy",
  "VAEEncodeForInpaint",
  "VAELoader",
  "CreateVideo",
  "SaveVideo",
];
const RANKS: ReadonlyMap<string, number> = new Map(EVERYDAY.map((id, at) => [id, at]));
const rankOf = (spec: Spec): number => RANKS.get(spec.id) ?? EVERYDAY.length;

/** Before a word is typed: those that fit best and were used most, then everyday ones, then by name. */
export const usual = (entries: readonly Spec[], wire: Hanging | null, used: (id: string) => number): Spec[] =>
  [...entries].sort(
    (one, other) =>
      closeness(other, wire) - closeness(one, wire) ||
      used(other.id) - used(one.id) ||
      rankOf(one) - rankOf(other) ||
      one.category.localeCompare(other.category) ||
      one.title.localeCompare(other.title),
  );

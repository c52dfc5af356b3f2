import { type Document, EMPTY, type GraphNode } from "../src/model/document";
import { newNode, putNode } from "../src/model/edit";
import { FRONTEND } from "../src/model/frontend";
import { type Catalogue, type NodeInfo, readCatalogue } from "../src/model/spec";
import { connect } from "../src/model/wire";

const info = (
  name: string,
  required: Record<string, unknown>,
  output: string[],
  more: Partial<NodeInfo> = {},
): NodeInfo => ({
  input: { required: required as never, optional: {} },
  output,
  name,
  ...more,
});

/** A few node types as the server tells of them. */
export const INFOS: Record<string, NodeInfo> = {
  Loader: info("Loader", { name: [["a", "b"], { default: "a" }] }, ["MODEL", "CLIP", "VAE"], {
    display_name: "Load Checkpoint",
    category: "model/loaders",
  }),
  Encode: info("Encode", { text: ["STRING", { multiline: true }], clip: ["CLIP", {}] }, ["CONDITIONING"], {
    display_name: "CLIP Text Encode (Prompt)",
    category: "model/conditioning",
    search_aliases: ["prompt"],
  }),
  Latent: info("Latent", { width: ["INT", { default: 512, min: 16, max: 16384, step: 8 }] }, ["LATENT"]),
  Sampler: info(
    "Sampler",
    {
      model: ["MODEL", {}],
      positive: ["CONDITIONING", {}],
      negative: ["CONDITIONING", {}],
      latent: ["LATENT", {}],
      seed: ["INT", { default: 0, min: 0, max: 2 ** 64, control_after_generate: true }],
      steps: ["INT", { default: 20, min: 1, max: 10000 }],
      cfg: ["FLOAT", { default: 8.0, min: 0.0, max: 100.0, step: 0.1, round: 0.01 }],
      denoise: ["FLOAT", { default: 1.0, min: 0.0, max: 1.0, step: 0.01 }],
      eta: ["FLOAT", { default: 0.0, min: 0.0, max: 1.0, step: 0.01, advanced: true }],
    },
    ["LATENT"],
    { display_name: "KSampler", category: "model/sampling", search_aliases: ["denoise"] },
  ),
  Upscale: info("Upscale", { samples: ["LATENT", {}] }, ["LATENT"], { display_name: "Upscale Latent" }),
  Decode: info("Decode", { samples: ["LATENT", {}], vae: ["VAE", {}] }, ["IMAGE"], {
    display_name: "VAE Decode",
  }),
  Save: info("Save", { images: ["IMAGE", {}], prefix: ["STRING", { default: "art" }] }, [], {
    display_name: "Save Image",
    output_node: true,
  }),
};

export const CATALOGUE: Catalogue = { ...readCatalogue(INFOS), ...FRONTEND };

export const node = (id: string, type: string, x = 0, y = 0): GraphNode =>
  newNode(id, CATALOGUE[type] as never, { x, y });

/** loader -> encode -> sampler -> decode -> save, with a latent. */
export function chain(): Document {
  const types: [string, string][] = [
    ["1", "Loader"],
    ["2", "Encode"],
    ["3", "Latent"],
    ["4", "Sampler"],
    ["5", "Decode"],
    ["6", "Save"],
  ];
  const placed = types.reduce((made, [id, type], index) => putNode(node(id, type, index * 300))(made), EMPTY);
  const wires: [string, number, string, string][] = [
    ["1", 1, "2", "clip"],
    ["1", 0, "4", "model"],
    ["2", 0, "4", "positive"],
    ["2", 0, "4", "negative"],
    ["3", 0, "4", "latent"],
    ["4", 0, "5", "samples"],
    ["1", 2, "5", "vae"],
    ["5", 0, "6", "images"],
  ];
  return wires.reduce(
    (made, [from, slot, to, input]) => connect({ node: from, slot }, to, input, CATALOGUE)(made),
    placed,
  );
}

/** The wires as short texts, in order. */
export const wires = (document: Document): string[] =>
  Object.values(document.links)
    .map((link) => `${link.from}.${link.output} > ${link.to}.${link.input}`)
    .sort();

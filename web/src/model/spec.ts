import { STRAIGHT, writeCurve } from "./curve";
import { expand, isLiving } from "./grow";
import { narrow, type Value } from "./value";

/** What kind of file can be brought along for a choice. */
export type Upload = "image" | "video" | "audio";
const UPLOADS: readonly Upload[] = ["image", "video", "audio"];

/** How the value of an input is entered. */
export type Widget =
  | {
      kind: "number";
      whole: boolean;
      min: number | bigint;
      max: number | bigint;
      step: number;
      places: number;
      seed: boolean;
      slider: boolean;
    }
  | { kind: "text"; multiline: boolean }
  | { kind: "toggle"; on: string; off: string }
  | { kind: "choice"; options: readonly Value[]; upload: Upload | "" }
  | { kind: "color" }
  | { kind: "curve" }
  | { kind: Desk };

/** Values with an editor of their own: boxes on a picture, layers, a canvas to paint on, a camera. */
export type Desk = (typeof DESKS)[number];
const DESKS = ["boxes", "layers", "painting", "camera"] as const;
/** By the type of their input. */
const DESK_OF: Readonly<Record<string, Desk>> = {
  BOUNDING_BOXES: "boxes",
  COMPOSITOR: "layers",
  WEBCAM: "camera",
};

export const isDesk = (widget: Widget | null): widget is { kind: Desk } =>
  DESKS.some((one) => one === widget?.kind);

export interface InputSpec {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly widget: Widget | null;
  readonly start: Value | undefined;
  /** Whether the server knows no value of its own: a node must hold one. */
  readonly bare?: boolean;
  readonly tip: string;
  readonly advanced: boolean;
  /** What is shown instead of the name. */
  readonly label?: string;
  /** Of a choice: which inputs each key brings along. */
  readonly choices?: Readonly<Record<string, readonly InputSpec[]>>;
  /** Of a choice whose texts are written on the node, and of these texts: the name of the choice. */
  readonly written?: string;
  /** Of an input that grows: all that it can grow to, and how many there are at least. */
  readonly grow?: { readonly items: readonly InputSpec[]; readonly least: number };
}

export interface OutputSpec {
  readonly name: string;
  readonly type: string;
  readonly list: boolean;
  readonly tip: string;
}

export interface Spec {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly description: string;
  readonly aliases: readonly string[];
  /** The inputs of a new node. */
  readonly inputs: readonly InputSpec[];
  /** Where inputs come and go with wires and choices: what they come from. */
  readonly living?: readonly InputSpec[];
  readonly outputs: readonly OutputSpec[];
  readonly root: boolean;
  readonly deprecated: boolean;
  readonly experimental: boolean;
  /** Of a subgraph: an input of a node within. */
  readonly inner?: (node: string, input: string) => InputSpec | undefined;
}

export type Catalogue = Readonly<Record<string, Spec>>;

type Options = Record<string, unknown>;

/** One entry of `/object_info`. */
export interface NodeInfo {
  input: Record<string, Record<string, [unknown, Options?]> | undefined>;
  input_order?: Record<string, string[] | undefined>;
  output: unknown[];
  output_name?: string[];
  output_is_list?: boolean[];
  output_tooltips?: (string | null)[];
  name: string;
  display_name?: string;
  category?: string;
  description?: string;
  output_node?: boolean;
  deprecated?: boolean;
  experimental?: boolean;
  search_aliases?: string[];
}

/** The node types that the server tells of. */
export function readCatalogue(infos: Record<string, NodeInfo>): Catalogue {
  return Object.fromEntries(Object.entries(infos).map(([id, info]) => [id, readSpec(id, info)]));
}

/** What nothing in that which the server tells says: whose texts are written on the node, what is painted, what only editors keep. */
const OWN: Readonly<Record<string, Partial<InputSpec> | null>> = {
  "CustomCombo.choice": { written: "choice" },
  "Painter.mask": { widget: { kind: "painting" } },
  "CreateBoundingBoxes.last_incoming": null,
};

function readSpec(id: string, info: NodeInfo): Spec {
  const inputs = readInputs(info.input, info.input_order, "").flatMap((one) => {
    const own = OWN[`${id}.${one.name}`];
    return own === null ? [] : [{ ...one, ...own }];
  });
  const living = isLiving(inputs);
  return {
    id,
    title: info.display_name || info.name || id,
    category: info.category ?? "",
    description: info.description ?? "",
    aliases: info.search_aliases ?? [],
    inputs: living ? expand(inputs) : inputs,
    ...(living ? { living: inputs } : {}),
    outputs: info.output.map((type, index) => ({
      name: info.output_name?.[index] || String(type),
      type: Array.isArray(type) ? "COMBO" : String(type),
      list: info.output_is_list?.[index] ?? false,
      tip: info.output_tooltips?.[index] ?? "",
    })),
    root: info.output_node ?? false,
    deprecated: info.deprecated ?? false,
    experimental: info.experimental ?? false,
  };
}

/** The inputs of a node, or those that stand below one of its inputs: their names begin with that one's. */
function readInputs(told: NodeInfo["input"], order: NodeInfo["input_order"], prefix: string): InputSpec[] {
  return (["required", "optional"] as const).flatMap((section) => {
    const entries = told[section] ?? {};
    return (order?.[section] ?? Object.keys(entries)).flatMap((name) => {
      const entry = entries[name];
      return entry && entry[1]?.hidden !== true
        ? [readInput(prefix + name, entry[0], entry[1] ?? {}, section === "required")]
        : [];
    });
  });
}

function readInput(name: string, type: unknown, options: Options, required: boolean): InputSpec {
  const socket = Array.isArray(type) ? "COMBO" : String(type);
  const widget = options.forceInput === true ? null : readWidget(name, type, options);
  return {
    name,
    type: socket,
    required,
    widget,
    start: widget ? startOf(widget, options.default as Value | undefined) : undefined,
    ...(widget && required && options.default === undefined ? { bare: true } : {}),
    tip: String(options.tooltip ?? ""),
    advanced: options.advanced === true,
    ...nested(name, socket, options, required),
  };
}

/** What an input brings along whose kind is one that grows or that others depend on. */
function nested(
  name: string,
  type: string,
  options: Options,
  required: boolean,
): Pick<InputSpec, "grow" | "choices"> {
  if (type === "COMFY_AUTOGROW_V3") return { grow: readGrowth(name, options, required) };
  if (type !== "COMFY_DYNAMICCOMBO_V3") return {};
  const pairs = variantsOf(options).map(({ key, inputs }) => [
    String(key),
    readInputs(inputs ?? {}, undefined, `${name}.`),
  ]);
  return { choices: Object.fromEntries(pairs) };
}

const MOST = 100;

interface Template {
  input?: NodeInfo["input"];
  prefix?: string;
  names?: string[];
  min?: number;
  max?: number;
}

function readGrowth(name: string, options: Options, required: boolean): NonNullable<InputSpec["grow"]> {
  const { input = {}, prefix = "", names, min = 0, max = MOST } = (options.template ?? {}) as Template;
  const [entry] = Object.values({ ...input.required, ...input.optional });
  const called = names ?? Array.from({ length: Math.min(max, MOST) }, (_, index) => `${prefix}${index}`);
  const items = called.map((one, index) => ({
    ...readInput(
      `${name}.${one}`,
      entry?.[0] ?? "*",
      { ...entry?.[1], forceInput: true },
      required && index < min,
    ),
    label: one,
    tip: String(options.tooltip ?? ""),
  }));
  return { items, least: Math.max(1, min) };
}

interface Variant {
  key: Value;
  inputs?: NodeInfo["input"];
}
const variantsOf = (options: Options): Variant[] =>
  Array.isArray(options.options) ? (options.options as Variant[]) : [];

function readWidget(name: string, type: unknown, options: Options): Widget | null {
  if (Array.isArray(type)) return choice(type, options);
  switch (type) {
    case "INT":
      return whole(name, options);
    case "FLOAT":
      return fraction(options);
    case "STRING":
      return { kind: "text", multiline: options.multiline === true };
    case "BOOLEAN":
      return { kind: "toggle", on: String(options.label_on ?? ""), off: String(options.label_off ?? "") };
    case "COMBO":
      return choice(Array.isArray(options.options) ? options.options : [], options);
    case "COMFY_DYNAMICCOMBO_V3":
      return choice(
        variantsOf(options).map((one) => one.key),
        options,
      );
    case "COLOR":
      return { kind: "color" };
    case "CURVE":
      return options.default === undefined ? null : { kind: "curve" };
    default: {
      const desk = DESK_OF[String(type)];
      return desk ? { kind: desk } : null;
    }
  }
}

const choice = (values: unknown[], options: Options): Widget => ({
  kind: "choice",
  options: values as Value[],
  upload: UPLOADS.find((kind) => options[`${kind}_upload`] === true) ?? "",
});

/** 2^53 and above came through JSON rounded: such bounds mean the whole range of a 64 bit number. */
const bound = (value: unknown, otherwise: bigint): number | bigint => {
  if (typeof value !== "number") return narrow(otherwise);
  if (Number.isSafeInteger(value)) return value;
  return value > 0 ? (1n << 64n) - 1n : -(1n << 63n);
};

function whole(name: string, options: Options): Widget {
  const control = options.control_after_generate;
  const named = name === "seed" || name === "noise_seed";
  return {
    kind: "number",
    whole: true,
    min: bound(options.min, -(1n << 63n)),
    max: bound(options.max, (1n << 63n) - 1n),
    step: Number(options.step ?? 1) || 1,
    places: 0,
    seed: control === undefined ? named : control !== false,
    slider: options.display === "slider",
  };
}

function fraction(options: Options): Widget {
  const step = Number(options.step ?? 0.01) || 0.01;
  const round = typeof options.round === "number" && options.round > 0 ? options.round : step;
  const min = Number(options.min ?? Number.NEGATIVE_INFINITY);
  const max = Number(options.max ?? Number.POSITIVE_INFINITY);
  const places = Math.min(10, Math.max(0, Math.ceil(-Math.log10(round) - 1e-9)));
  return {
    kind: "number",
    whole: false,
    min,
    max,
    step,
    places,
    seed: false,
    slider: options.display === "slider",
  };
}

/** What a new node holds. */
function startOf(widget: Widget, given: Value | undefined): Value {
  if (given !== undefined && !(widget.kind === "choice" && Array.isArray(given))) return given;
  switch (widget.kind) {
    case "number":
      return widget.min > 0 ? widget.min : 0;
    case "text":
      return "";
    case "toggle":
      return false;
    case "choice":
      return widget.options[0] ?? "";
    case "color":
      return "#ffffff";
    case "curve":
      return writeCurve(STRAIGHT);
    case "boxes":
      return [];
    case "layers":
      return {};
    case "painting":
    case "camera":
      return "";
  }
}

/** Whether what comes out of one socket fits into another. */
export function fits(output: string, input: string): boolean {
  if (output === "*" || input === "*" || output === input) return true;
  if (input.startsWith("COMFY_MATCHTYPE") || output.startsWith("COMFY_MATCHTYPE")) return true;
  const wanted = input.split(",");
  return output.split(",").some((one) => wanted.includes(one));
}

import type { GraphNode, Rest, Socket } from "./document";
import { BORDERS, isBorder } from "./focus";
import { isNote } from "./frontend";
import { expand } from "./grow";
import { instanceInputs } from "./instance";
import { type InputSpec, isDesk, type OutputSpec, type Spec, type Widget } from "./spec";

/** The heights that a node is built from. They are those that saved files were laid out with. */
export const HEADER = 30;
export const SLOT = 20;
export const ROW = 24;
export const PAD = 6;
export const TEXT = 72;
export const PICTURE = 150;
const SOUND = 60;
export const CURVE = 140;
export const WIDTH = 210;
export const WIDE = 270;

export interface InputRow {
  readonly spec: InputSpec;
  readonly y: number;
  readonly height: number;
}

/** Where the parts of a node are, from its title bar's top edge; known without drawing it. */
export interface Shape {
  readonly width: number;
  readonly height: number;
  readonly minWidth: number;
  readonly minHeight: number;
  readonly sockets: readonly InputRow[];
  readonly outputs: readonly { spec: OutputSpec; slot: number; y: number }[];
  readonly widgets: readonly InputRow[];
  /** Where the row is that shows and hides the advanced inputs. */
  readonly more: number | null;
  readonly hidden: number;
  /** Where inputs come and go: which there are. */
  readonly state: string;
  readonly picture: { y: number; height: number } | null;
  /** Where the words that it shows are; below it where it has no room. */
  readonly words: { y: number; height: number } | null;
}

const fromSocket = (socket: Socket): InputSpec => ({
  name: socket.name,
  type: socket.type,
  required: false,
  widget: null,
  start: undefined,
  tip: "",
  advanced: false,
});

/** The inputs that a node has: those of its type, else those that its file lists. */
export function inputsOf(node: GraphNode, spec: Spec | undefined): readonly InputSpec[] {
  if (node.type === BORDERS.output) return [...(node.inputs ?? []).map(fromBorder), spareInput(node)];
  if (!spec) return (node.inputs ?? []).map(fromSocket);
  if (spec.inner) return kept(node, spec, () => instanceInputs(node, spec));
  if (!spec.living) return spec.inputs;
  const { living } = spec;
  return kept(node, spec, () => expand(living, node));
}

function kept(node: GraphNode, spec: Spec, make: () => readonly InputSpec[]): readonly InputSpec[] {
  const before = expanded.get(node);
  if (before?.spec === spec) return before.inputs;
  const inputs = make();
  expanded.set(node, { spec, inputs });
  return inputs;
}

const expanded = new WeakMap<GraphNode, { spec: Spec; inputs: readonly InputSpec[] }>();

/** An output of the subgraph that one is inside of; wires know it by its number. */
const fromBorder = (socket: Socket, index: number): InputSpec => ({
  ...fromSocket(socket),
  name: String(index),
  label: socket.label ?? socket.name,
  required: true,
});
const spareInput = (node: GraphNode): InputSpec => ({
  ...fromBorder({ name: "", type: "*" }, node.inputs?.length ?? 0),
  required: false,
});

const fromOutput = (one: Socket): OutputSpec => ({
  name: one.label ?? one.name,
  type: one.type,
  list: false,
  tip: "",
});

/** The outputs that a node has: those of its type, else those that its file lists. */
export function outputsOf(node: GraphNode, spec: Spec | undefined): readonly OutputSpec[] {
  if (spec) return spec.outputs;
  const outputs = (node.outputs ?? []).map(fromOutput);
  return node.type === BORDERS.input ? [...outputs, fromOutput({ name: "", type: "*" })] : outputs;
}

/** Whether a node shows a picture, a film or the keys of a sound that it made or reads. */
export const showsPicture = (spec: Spec | undefined): boolean =>
  spec !== undefined &&
  !spec.inputs.some((one) => isDesk(one.widget)) &&
  ((spec.root && spec.inputs.some((one) => /^(IMAGE|MASK|VIDEO|AUDIO)$/.test(one.type))) ||
    spec.inputs.some((one) => one.widget?.kind === "choice" && one.widget.upload));

/** Whether what a node shows can only be heard. */
const soundsOnly = (spec: Spec | undefined): boolean =>
  spec !== undefined &&
  !spec.inputs.some(
    ({ type, widget }) =>
      /^(IMAGE|MASK|VIDEO)$/.test(type) ||
      (widget?.kind === "choice" && widget.upload !== "" && widget.upload !== "audio"),
  );

/** Whether the inputs that few people need are shown. Saved files keep that beside what is known of a node. */
export const showsAdvanced = (node: GraphNode): boolean =>
  (node.rest.rest as Rest | undefined)?.showAdvanced === true;

const known = new WeakMap<GraphNode, { spec: Spec | undefined; shape: Shape }>();

/** The shape of a node, measured once for each state of it. */
export function shapeOf(node: GraphNode, spec: Spec | undefined): Shape {
  const before = known.get(node);
  if (before && before.spec === spec) return before.shape;
  const shape = measure(node, spec);
  known.set(node, { spec, shape });
  return shape;
}

function measure(node: GraphNode, spec: Spec | undefined): Shape {
  const inputs = inputsOf(node, spec);
  const outputs = outputsOf(node, spec);
  const plain = inputs.filter((one) => one.widget === null);
  const all = inputs.filter((one) => one.widget !== null);
  const open = showsAdvanced(node);
  const widgets = all.filter((one) => open || !one.advanced || differs(node, one));
  const more = all.some((one) => one.advanced);
  const hidden = all.length - widgets.length;
  const slots = Math.max(plain.length, outputs.length);
  const tall = widgets.filter(isLong);
  const texts = isNote(node.type) ? 40 : TEXT;
  const rows =
    widgets.filter((one) => !isLong(one)).reduce((sum, one) => sum + heightOf(one), 0) + (more ? ROW : 0);
  const picture = showsPicture(spec) ? (soundsOnly(spec) ? SOUND : PICTURE) : 0;
  const minHeight = HEADER + PAD + slots * SLOT + rows + tall.length * texts + picture + PAD;
  const minWidth = widgets.length > 0 ? WIDTH : 140;
  const height = node.collapsed ? HEADER : Math.max(minHeight, node.height + HEADER);
  const width = Math.max(minWidth, node.width);
  const spare = Math.max(0, height - minHeight);
  const share = tall.length > 0 && !picture ? spare / tall.length : 0;
  return place({
    width,
    height,
    minWidth,
    minHeight,
    plain,
    outputs,
    widgets,
    more,
    hidden,
    slots,
    texts: texts + share,
    picture: picture && picture + spare,
    collapsed: node.collapsed,
    state:
      spec?.living || spec?.inner || isBorder(node)
        ? [...inputs, ...outputs].map((one) => one.name).join(" ")
        : "",
  });
}

const isLong = (one: InputSpec): boolean => one.widget?.kind === "text" && one.widget.multiline;
/** The heights of fields that are no row and no text. */
const HEIGHTS: Partial<Record<Widget["kind"], number>> = {
  curve: CURVE,
  boxes: 330,
  layers: 330,
  painting: 150,
  camera: 180,
};
const heightOf = (one: InputSpec): number => (one.widget && HEIGHTS[one.widget.kind]) ?? ROW;
/** Whether the field of an input takes more than a row. */
export const isTall = (one: InputSpec): boolean => isLong(one) || heightOf(one) > ROW;
const differs = (node: GraphNode, one: InputSpec): boolean =>
  node.values[one.name] !== undefined && node.values[one.name] !== one.start;

interface Parts {
  width: number;
  height: number;
  minWidth: number;
  minHeight: number;
  plain: InputSpec[];
  outputs: readonly OutputSpec[];
  widgets: InputSpec[];
  more: boolean;
  hidden: number;
  slots: number;
  texts: number;
  picture: number;
  collapsed: boolean;
  state: string;
}

function place(parts: Parts): Shape {
  const top = HEADER + PAD;
  let y = top + parts.slots * SLOT;
  const widgets = parts.widgets.map((spec) => {
    const row = { spec, y, height: isLong(spec) ? parts.texts : heightOf(spec) };
    y += row.height;
    return row;
  });
  const moreY = parts.more ? y : null;
  if (parts.more) y += ROW;
  const room = parts.height - y - PAD;
  const middle = HEADER / 2;
  const at = (index: number) => (parts.collapsed ? middle : top + index * SLOT + SLOT / 2);
  return {
    width: parts.width,
    height: parts.height,
    minWidth: parts.minWidth,
    minHeight: parts.minHeight,
    sockets: parts.plain.map((spec, index) => ({ spec, y: at(index), height: SLOT })),
    outputs: parts.outputs.map((spec, slot) => ({ spec, slot, y: at(slot) })),
    widgets,
    more: moreY,
    hidden: parts.hidden,
    state: parts.state,
    picture: parts.picture && !parts.collapsed ? { y, height: room } : null,
    words: !parts.picture && !parts.collapsed && room >= ROW ? { y, height: room } : null,
  };
}

/** Where the dot of an input is, from the node's corner. */
export function inputY(shape: Shape, name: string, collapsed: boolean): number {
  if (collapsed) return HEADER / 2;
  const socket = shape.sockets.find((one) => one.spec.name === name);
  if (socket) return socket.y;
  const row = shape.widgets.find((one) => one.spec.name === name);
  return row ? row.y + Math.min(row.height, ROW) / 2 : HEADER / 2;
}

/** Where the dot of an output is, from the node's corner. */
export const outputY = (shape: Shape, slot: number): number => shape.outputs[slot]?.y ?? HEADER / 2;

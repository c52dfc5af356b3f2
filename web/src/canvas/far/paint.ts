import { type Box, boxOf } from "../../model/box";
import type { Document, GraphNode } from "../../model/document";
import { boundsOfSpan, overlap, partsOf, reach, spanOf } from "../../model/geometry";
import { HEADER, shapeOf } from "../../model/shape";
import type { Catalogue } from "../../model/spec";
import type { NodeRun } from "../../store/run";
import { plainColor, tintOf, typeColor } from "../color";

export interface Scene {
  readonly document: Document;
  readonly catalogue: Catalogue;
  readonly chosen: ReadonlySet<string>;
  readonly runs: Readonly<Record<string, NodeRun>>;
  readonly theme: string;
  readonly picture: (id: string) => CanvasImageSource | null;
}

const TITLED = 44;

/** Draw the part of a graph that lies in a box: wires, then nodes as boxes with their titles and pictures. */
export function paint(pen: CanvasRenderingContext2D, scene: Scene, view: Box, zoom: number): void {
  paintFrames(pen, scene, view, zoom);
  paintWires(pen, scene, view, zoom);
  // One size for all titles: a font that is set for each takes as long as all else.
  const size = Math.max(13, 11 / zoom);
  write(pen, size);
  for (const node of Object.values(scene.document.nodes)) {
    const box = boxOf(node, scene.catalogue[node.type]);
    if (overlap(box, view)) paintNode(pen, scene, node, box, zoom, size);
  }
}

function paintFrames(pen: CanvasRenderingContext2D, scene: Scene, view: Box, zoom: number): void {
  const size = Math.max(20, 11 / zoom);
  write(pen, size);
  for (const frame of Object.values(scene.document.frames)) {
    if (!overlap(frame, view)) continue;
    pen.fillStyle = frame.color || plainColor("--muted", scene.theme);
    pen.globalAlpha = 0.14;
    pen.fillRect(frame.x, frame.y, frame.width, frame.height);
    pen.globalAlpha = 0.9;
    pen.fillStyle = plainColor("--muted", scene.theme);
    if (frame.width * zoom > TITLED)
      label(pen, frame.title, frame.x + size / 2, frame.y + size * 1.2, size, frame.width - size);
    pen.globalAlpha = 1;
  }
}

function paintWires(pen: CanvasRenderingContext2D, scene: Scene, view: Box, zoom: number): void {
  const paths = new Map<string, Path2D>();
  for (const link of Object.values(scene.document.links)) {
    const span = spanOf(scene.document, link, scene.catalogue);
    if (!span || !overlap(boundsOfSpan(span), view)) continue;
    const color = typeColor(link.type);
    let path = paths.get(color);
    if (!path) {
      path = new Path2D();
      paths.set(color, path);
    }
    for (const part of partsOf(span)) {
      const { a, b } = part;
      const d = reach(part);
      path.moveTo(a.x, a.y);
      if (zoom < 0.12) path.lineTo(b.x, b.y);
      else path.bezierCurveTo(a.x + d, a.y, b.x - d, b.y, b.x, b.y);
    }
  }
  pen.lineWidth = Math.max(1.6, 0.9 / zoom);
  pen.globalAlpha = 0.65;
  for (const [color, path] of paths) {
    pen.strokeStyle = plainColor(color, scene.theme);
    pen.stroke(path);
  }
  pen.globalAlpha = 1;
}

function paintNode(
  pen: CanvasRenderingContext2D,
  scene: Scene,
  node: GraphNode,
  box: Box,
  zoom: number,
  size: number,
): void {
  const run = scene.runs[node.id];
  pen.globalAlpha = node.mode === "run" ? 1 : 0.4;
  // Too small for words, a box must be told from the ground by its fill.
  const small = box.width * zoom <= TITLED;
  pen.fillStyle = plainColor(small ? "--line" : "--panel", scene.theme);
  pen.fillRect(box.x, box.y, box.width, box.height);
  pen.fillStyle = plainColor(small ? "--line-strong" : "--raised", scene.theme);
  pen.fillRect(box.x, box.y, box.width, HEADER);
  if (node.color) paintTint(pen, tintOf(node.color), box);
  paintPicture(pen, scene, node, box);
  pen.strokeStyle = plainColor(outline(run, scene.chosen.has(node.id)), scene.theme);
  pen.lineWidth =
    (scene.chosen.has(node.id) || run?.phase === "failed" || run?.phase === "running" ? 2 : 1) / zoom;
  pen.strokeRect(box.x, box.y, box.width, box.height);
  if (run?.phase === "running") paintProgress(pen, scene, run, box);
  if (!small) {
    pen.fillStyle = plainColor("--text", scene.theme);
    const title = node.title || scene.catalogue[node.type]?.title || node.type;
    label(
      pen,
      title,
      box.x + size * 0.6,
      box.y + Math.max(HEADER * 0.68, size * 1.1),
      size,
      box.width - size,
    );
  }
  pen.globalAlpha = 1;
}

/** A colour over a title bar, and thinly over the rest. */
function paintTint(pen: CanvasRenderingContext2D, color: string, box: Box): void {
  const before = pen.globalAlpha;
  pen.fillStyle = color;
  pen.globalAlpha = before * 0.12;
  pen.fillRect(box.x, box.y, box.width, box.height);
  pen.globalAlpha = before * 0.45;
  pen.fillRect(box.x, box.y, box.width, HEADER);
  pen.globalAlpha = before;
}

const outline = (run: NodeRun | undefined, chosen: boolean): string => {
  if (run?.phase === "failed") return "--danger";
  if (chosen || run?.phase === "running") return "--accent";
  return "--line-strong";
};

function paintProgress(pen: CanvasRenderingContext2D, scene: Scene, run: NodeRun, box: Box): void {
  pen.fillStyle = plainColor("--accent", scene.theme);
  const part = run.max > 0 ? run.value / run.max : 1;
  pen.fillRect(box.x, box.y + HEADER, box.width * part, 6);
}

function paintPicture(pen: CanvasRenderingContext2D, scene: Scene, node: GraphNode, box: Box): void {
  const area = shapeOf(node, scene.catalogue[node.type]).picture;
  const picture = area && scene.picture(node.id);
  if (!area || !picture) return;
  const { width, height } = sizeOf(picture);
  if (width === 0 || height === 0) return;
  const scale = Math.min((box.width - 12) / width, area.height / height);
  const [w, h] = [width * scale, height * scale];
  pen.drawImage(picture, box.x + (box.width - w) / 2, box.y + area.y + (area.height - h) / 2, w, h);
}

const sizeOf = (picture: CanvasImageSource): { width: number; height: number } =>
  picture instanceof HTMLImageElement
    ? { width: picture.naturalWidth, height: picture.naturalHeight }
    : { width: (picture as ImageBitmap).width, height: (picture as ImageBitmap).height };

const write = (pen: CanvasRenderingContext2D, size: number): void => {
  pen.font = `500 ${size}px Inter, sans-serif`;
};

/** A line of text, shortened to what fits by a letter's usual width: exact measuring would cost more than drawing. */
function label(
  pen: CanvasRenderingContext2D,
  words: string,
  x: number,
  y: number,
  size: number,
  width: number,
): void {
  const letters = Math.floor(width / (size * 0.54));
  pen.fillText(words.length > letters ? `${words.slice(0, Math.max(1, letters - 1))}…` : words, x, y);
}

import type { Box } from "../../model/box";
import type { GraphNode } from "../../model/document";
import { HEADER, shapeOf } from "../../model/shape";
import type { NodeRun } from "../../store/run";
import { plainColor, tintOf } from "../color";
import { type Scene, TITLED } from "./scene";
import { label } from "./word";

/** Draw a node as a box; the font of its title is set. */
export function paintNode(
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
  // The band is as high as the words in it need.
  const head = small ? HEADER : Math.min(box.height, Math.max(HEADER, size * 1.5));
  pen.fillStyle = plainColor(small ? "--line-strong" : "--head", scene.theme);
  pen.fillRect(box.x, box.y, box.width, head);
  if (node.color) paintTint(pen, tintOf(node.color), box, head);
  if (node.mode === "bypassed") paintTint(pen, plainColor("--bypass", scene.theme), box, head);
  paintPicture(pen, scene, node, box);
  pen.strokeStyle = plainColor(outline(run, scene.chosen.has(node.id)), scene.theme);
  pen.lineWidth =
    (scene.chosen.has(node.id) || run?.phase === "failed" || run?.phase === "running" ? 2 : 1) / zoom;
  pen.strokeRect(box.x, box.y, box.width, box.height);
  if (run?.phase === "running") paintProgress(pen, scene, run, box);
  if (!small) {
    pen.fillStyle = plainColor("--text", scene.theme);
    const title = node.title || scene.catalogue[node.type]?.title || node.type;
    label(pen, title, box.x + size * 0.6, box.y + head / 2 + size * 0.36, size, box.width - size);
  }
  pen.globalAlpha = 1;
}

/** A colour over a title bar, and thinly over the rest. */
function paintTint(pen: CanvasRenderingContext2D, color: string, box: Box, head: number): void {
  const before = pen.globalAlpha;
  pen.fillStyle = color;
  pen.globalAlpha = before * 0.12;
  pen.fillRect(box.x, box.y, box.width, box.height);
  pen.globalAlpha = before * 0.45;
  pen.fillRect(box.x, box.y, box.width, head);
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

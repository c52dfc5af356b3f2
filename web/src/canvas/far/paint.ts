import { type Box, boxOf } from "../../model/box";
import { boundsOfSpan, overlap, partsOf, reach, spanOf } from "../../model/geometry";
import { plainColor, typeColor } from "../color";
import { paintNode } from "./node";
import { type Scene, TITLED } from "./scene";
import { label, write } from "./word";

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

/** How high the part of a frame is in which its name stands. */
const HEAD = 36;

function paintFrames(pen: CanvasRenderingContext2D, scene: Scene, view: Box, zoom: number): void {
  const size = Math.max(20, 11 / zoom);
  // Words that are higher than the room above a frame's nodes stand above the frame.
  const rise = size * 1.4 > HEAD ? -size * 0.35 : size * 1.2;
  write(pen, size);
  for (const frame of Object.values(scene.document.frames)) {
    if (!overlap(frame, view)) continue;
    pen.fillStyle = frame.color || plainColor("--muted", scene.theme);
    pen.globalAlpha = 0.14;
    pen.fillRect(frame.x, frame.y, frame.width, frame.height);
    pen.globalAlpha = 0.9;
    pen.fillStyle = plainColor("--muted", scene.theme);
    if (frame.width * zoom > TITLED)
      label(pen, frame.title, frame.x + (rise < 0 ? 0 : size / 2), frame.y + rise, size, frame.width - size);
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

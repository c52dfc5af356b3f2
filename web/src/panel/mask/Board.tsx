import { type PointerEvent, useEffect, useRef, useState, type WheelEvent } from "react";
import type { Point } from "../../model/edit";
import { Fingers } from "../../model/finger";
import type { Region } from "../../model/mask";
import { viewAddress } from "../../server/client";
import { useMask } from "../../store/mask";
import type { Painting } from "./painting";

interface Props {
  readonly canvas: HTMLCanvasElement;
  readonly painting: Painting;
  readonly begin: (image: HTMLImageElement) => void;
  readonly keep: () => void;
  readonly line: (from: Point, to: Point) => void;
  readonly pour: (at: Point) => void;
  /** A box is drawn from one corner to another. */
  readonly draw: (from: Point, to: Point) => void;
  /** A stroke or a box is done; whether it marks, or with Shift clears. */
  readonly end: (marks: boolean) => void;
  /** What a finger began was no painting, as a second one followed; the box is as it was before. */
  readonly drop: (painted: boolean, box: Region | null) => void;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const AIR = 48;

interface Place extends Point {
  /** Screen pixels for each pixel of the picture. */
  readonly scale: number;
}

/** The picture in the middle, as large as there is room, with some air around it. */
function fitted(room: Size, { width, height }: Size): Place {
  const scale = Math.max(0.05, Math.min((room.width - AIR) / width, (room.height - AIR) / height));
  return { scale, x: (room.width - width * scale) / 2, y: (room.height - height * scale) / 2 };
}

const LEAST = 0.05;
const MOST = 64;

/** The picture so many times larger, where a point of the stage goes to another. */
function led(place: Place, by: number, from: Point, to: Point): Place {
  const scale = Math.min(MOST, Math.max(LEAST, place.scale * by));
  const change = scale / place.scale;
  return { scale, x: to.x - (from.x - place.x) * change, y: to.y - (from.y - place.y) * change };
}

/**
 * The picture under its mask. The wheel zooms, the middle button moves, the first paints; one finger paints, two move
 * and zoom.
 */
export function Board({ canvas, painting, begin, keep, line, pour, draw, end, drop }: Props) {
  const picture = useMask((state) => state.picture);
  const stage = useRef<HTMLDivElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const last = useRef<{ kind: "paint" | "move" | "box"; at: Point } | null>(null);
  const fingers = useRef(new Fingers());
  /** Whether fingers move the picture; until the last of them is gone. */
  const leading = useRef(false);
  /** What a second finger takes back. */
  const begun = useRef<{ painted: boolean; box: Region | null }>({ painted: false, box: null });
  const [size, setSize] = useState<Size | null>(null);
  const [place, setPlace] = useState<Place>({ x: 0, y: 0, scale: 1 });
  const [pointer, setPointer] = useState<Point | null>(null);
  /** Whether a person moved or sized the picture: else it follows the window. */
  const placed = useRef(false);
  const ready = useRef(begin);
  ready.current = begin;
  useEffect(() => {
    if (!picture) return;
    // The mask is read from the picture as it is; what is shown is its colours alone, also where it is see-through.
    const image = new Image();
    image.onload = () => {
      ready.current(image);
      setSize({ width: image.naturalWidth, height: image.naturalHeight });
    };
    image.src = viewAddress(picture);
  }, [picture]);
  useEffect(() => {
    const element = stage.current;
    if (!element || !size) return;
    placed.current = false;
    const watch = new ResizeObserver(() => {
      if (!placed.current) setPlace(fitted(element.getBoundingClientRect(), size));
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [size]);
  useEffect(() => {
    if (size) sheet.current?.append(canvas);
  }, [canvas, size]);
  if (!picture) return null;
  const at = (event: PointerEvent): Point => {
    const { x, y } = within(event);
    return { x: (x - place.x) / place.scale, y: (y - place.y) / place.scale };
  };
  const press = (event: PointerEvent) => {
    const moves = event.button === 1;
    if ((event.button !== 0 && !moves) || !size) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    if (!moves) fingers.current.press(event.pointerId, within(event));
    if (fingers.current.count > 1) {
      if (!leading.current) drop(begun.current.painted, begun.current.box);
      leading.current = true;
      last.current = null;
      return;
    }
    const point = at(event);
    begun.current = { painted: !moves && painting.tool !== "box", box: painting.region };
    last.current = { kind: moves ? "move" : "paint", at: moves ? screen(event) : point };
    if (moves) return;
    if (painting.tool === "box") {
      last.current = { kind: "box", at: point };
      draw(point, point);
    } else if (painting.tool === "fill") {
      last.current = null;
      pour(point);
    } else {
      keep();
      line(point, point);
    }
  };
  const move = (event: PointerEvent) => {
    setPointer(leading.current ? null : within(event));
    const grip = fingers.current.move(event.pointerId, within(event));
    const before = last.current;
    if (leading.current) {
      placed.current = true;
      if (grip) setPlace((now) => led(now, grip.by, grip.from, grip.to));
    } else if (before?.kind === "paint") {
      const point = at(event);
      line(before.at, point);
      last.current = { kind: "paint", at: point };
    } else if (before?.kind === "box") draw(before.at, at(event));
    else if (before) {
      const now = screen(event);
      placed.current = true;
      setPlace({ ...place, x: place.x + now.x - before.at.x, y: place.y + now.y - before.at.y });
      last.current = { kind: "move", at: now };
    }
  };
  const wheel = (event: WheelEvent) => {
    const point = within(event);
    placed.current = true;
    setPlace(led(place, 1.0015 ** -event.deltaY, point, point));
  };
  const release = (event: PointerEvent) => {
    const kind = last.current?.kind;
    fingers.current.release(event.pointerId);
    last.current = null;
    if (fingers.current.count === 0) leading.current = false;
    if (kind === "paint" || kind === "box") end(!event.shiftKey);
  };
  const across = painting.radius * 2 * place.scale;
  return (
    <div
      ref={stage}
      className="mask-stage"
      data-tool={painting.tool}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={release}
      onPointerCancel={release}
      onPointerLeave={() => setPointer(null)}
      onWheel={wheel}
    >
      {size && (
        <div
          ref={sheet}
          className="mask-sheet"
          style={{
            left: place.x,
            top: place.y,
            width: size.width * place.scale,
            height: size.height * place.scale,
            imageRendering: place.scale >= 2 ? "pixelated" : "auto",
          }}
        >
          <img src={viewAddress(picture, { channel: "rgb" })} alt="" draggable={false} />
          {painting.tool === "box" && painting.region && (
            <i
              className="mask-box"
              style={{
                left: painting.region.x * place.scale,
                top: painting.region.y * place.scale,
                width: painting.region.width * place.scale,
                height: painting.region.height * place.scale,
              }}
            />
          )}
        </div>
      )}
      {pointer && (painting.tool === "brush" || painting.tool === "erase") && (
        <i
          className="mask-ring"
          style={{ left: pointer.x - across / 2, top: pointer.y - across / 2, width: across, height: across }}
        />
      )}
    </div>
  );
}

const screen = (event: PointerEvent): Point => ({ x: event.clientX, y: event.clientY });

/** A point of the stage, from its corner. */
function within(event: PointerEvent | WheelEvent): Point {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

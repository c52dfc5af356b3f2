import { type PointerEvent, useEffect, useRef, useState, type WheelEvent } from "react";
import { viewAddress } from "../../server/client";
import type { Picture } from "../../store/run";
import { useViewer } from "../../store/viewer";
import { pictureMenu } from "../pictureMenu";
import { filterOf } from "./Channels";
import { isFilm } from "./film";
import { type Pixel, pixelAt } from "./pixel";

export interface Look {
  /** Screen pixels for each pixel of the picture; null fits it into the window. */
  readonly scale: number | null;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const FITTED: Look = { scale: null, x: 0, y: 0 };
const BLINK = 500;

interface Props {
  readonly look: Look;
  readonly setLook: (look: Look) => void;
  readonly measured: (size: Size) => void;
  /** Told which pixels the pointer is over: of the picture, and of the one that it is held against. */
  readonly probed: (pixels: readonly Pixel[]) => void;
}

/** The picture, moved and made larger by wheel and pointer, and the other one. */
export function Stage({ look, setLook, measured, probed }: Props) {
  const { picture, other, comparison: wanted, channel } = useViewer();
  const comparison = other ? wanted : "one";
  const stage = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number; look: Look } | null>(null);
  const [natural, setNatural] = useState<Size>({ width: 0, height: 0 });
  const [cut, setCut] = useState(0.5);
  const lit = useBlink(comparison === "blink");
  if (!picture) return null;
  const scale = look.scale ?? fitted(stage.current, natural, comparison === "side" ? 2 : 1);
  const wheel = (event: WheelEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const next = Math.min(64, Math.max(0.05, scale * 1.0015 ** -event.deltaY));
    const px = event.clientX - box.left - box.width / 2;
    const py = event.clientY - box.top - box.height / 2;
    setLook({ scale: next, x: px - ((px - look.x) * next) / scale, y: py - ((py - look.y) * next) / scale });
  };
  const probe = (event: PointerEvent) => {
    const sources = [...event.currentTarget.querySelectorAll<HTMLImageElement>("img, video")];
    const pixels = sources.map((source) => pixelAt(source, event));
    probed(pixels.filter((pixel) => pixel !== null));
  };
  const move = (event: PointerEvent) => {
    const from = drag.current;
    if (from)
      setLook({
        scale: from.look.scale ?? scale,
        x: from.look.x + event.clientX - from.x,
        y: from.look.y + event.clientY - from.y,
      });
    else if (comparison === "wipe" && event.pointerType === "mouse") {
      const image = stage.current?.querySelector("img, video")?.getBoundingClientRect();
      if (image) setCut(Math.min(1, Math.max(0, (event.clientX - image.left) / image.width)));
    }
    probe(event);
  };
  const style = {
    width: natural.width * scale,
    height: natural.height * scale,
    imageRendering: scale >= 2 ? "pixelated" : "auto",
    filter: filterOf(channel),
  } as const;
  const loaded = (size: Size) => {
    setNatural(size);
    measured(size);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys size and move the picture too
    <div
      ref={stage}
      className="viewer-stage"
      data-comparison={comparison}
      onWheel={wheel}
      onPointerDown={(event) => {
        if (event.target instanceof HTMLVideoElement || event.button === 2) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, y: event.clientY, look };
      }}
      onPointerMove={move}
      onPointerUp={() => {
        drag.current = null;
      }}
      onDoubleClick={() => setLook(look.scale === null ? { scale: 1, x: 0, y: 0 } : FITTED)}
    >
      <div className="viewer-pictures" style={{ transform: `translate(${look.x}px, ${look.y}px)` }}>
        <Shown picture={picture} style={style} loaded={loaded} />
        {other && comparison !== "one" && (
          <Shown
            second
            picture={other}
            style={{
              ...style,
              ...(comparison === "wipe" ? { clipPath: `inset(0 0 0 ${cut * 100}%)` } : {}),
              ...(comparison === "blink" ? { visibility: lit ? "visible" : "hidden" } : {}),
            }}
          />
        )}
        {comparison === "wipe" && <i className="viewer-cut" style={{ left: `${cut * 100}%` }} />}
      </div>
    </div>
  );
}

function fitted(stage: HTMLElement | null, natural: Size, halves: number): number {
  const box = stage?.getBoundingClientRect();
  if (!box || natural.width === 0) return 1;
  const scale = Math.min((box.width / halves - 32) / natural.width, (box.height - 32) / natural.height);
  return scale > 1 ? Math.max(1, Math.floor(scale)) : scale;
}

/** On and off in turn, so that a difference jumps to the eye. */
function useBlink(on: boolean): boolean {
  const [lit, setLit] = useState(false);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setLit((now) => !now), BLINK);
    return () => clearInterval(timer);
  }, [on]);
  return lit;
}

interface ShownProps {
  readonly picture: Picture;
  readonly style: React.CSSProperties;
  readonly second?: boolean;
  readonly loaded?: (size: Size) => void;
}

function Shown({ picture, style, second, loaded }: ShownProps) {
  const props = {
    src: viewAddress(picture),
    className: second ? "viewer-second" : undefined,
    style,
    ...pictureMenu(picture),
  };
  return isFilm(picture) ? (
    <video
      {...props}
      controls
      loop
      autoPlay
      muted
      onLoadedMetadata={({ currentTarget: film }) =>
        loaded?.({ width: film.videoWidth, height: film.videoHeight })
      }
    />
  ) : (
    <img
      {...props}
      alt=""
      draggable={false}
      onLoad={({ currentTarget: image }) =>
        loaded?.({ width: image.naturalWidth, height: image.naturalHeight })
      }
    />
  );
}

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState, type WheelEvent } from "react";
import { openPicture } from "../run/past";
import { viewAddress } from "../server/client";
import { useJobs } from "../store/job";
import { type Comparison, closeViewer, sameFile, step, useViewer } from "../store/viewer";
import { text } from "../text";
import { Icon } from "./Icon";

interface Look {
  /** Screen pixels for each pixel of the picture; null fits it into the window. */
  readonly scale: number | null;
  readonly x: number;
  readonly y: number;
}

const FITTED: Look = { scale: null, x: 0, y: 0 };
const KINDS: readonly Comparison[] = ["one", "wipe", "side", "difference"];

/** A picture as large as the window, down to its pixels, alone or against another. */
export function Viewer() {
  const picture = useViewer((state) => state.picture);
  return picture ? <Open key={viewAddress(picture)} /> : null;
}

function Open() {
  const { picture, other, comparison } = useViewer();
  const dialog = useRef<HTMLDivElement>(null);
  const [look, setLook] = useState<Look>(FITTED);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    before.current = document.activeElement;
    dialog.current?.focus();
    return () => (before.current as HTMLElement | null)?.focus?.();
  }, []);
  if (!picture) return null;
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") closeViewer();
    else if (event.key === "ArrowRight") step(1);
    else if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "0") setLook(FITTED);
    else if (event.key === "1") setLook({ scale: 1, x: 0, y: 0 });
  };
  return (
    <div
      ref={dialog}
      className="viewer"
      role="dialog"
      aria-modal="true"
      aria-label={picture.filename}
      tabIndex={-1}
      onKeyDown={key}
    >
      <header className="viewer-bar">
        <span className="viewer-name">
          {picture.filename}
          {size && (
            <small>
              {size.width} × {size.height}
            </small>
          )}
        </span>
        <Compare />
        <span className="bar-group">
          <button
            type="button"
            className="viewer-action"
            aria-pressed={look.scale === null}
            onClick={() => setLook(FITTED)}
          >
            {text.viewer.fit}
          </button>
          <button
            type="button"
            className="viewer-action"
            aria-pressed={look.scale === 1}
            onClick={() => setLook({ scale: 1, x: 0, y: 0 })}
          >
            {text.viewer.pixels}
          </button>
          <button
            type="button"
            className="viewer-action"
            onClick={() => {
              closeViewer();
              void openPicture(picture);
            }}
          >
            {text.history.open}
          </button>
          <a
            className="bar-button"
            href={viewAddress(picture)}
            download={picture.filename}
            aria-label={text.viewer.save}
            title={text.viewer.save}
          >
            <Icon name="save" />
          </a>
          <button type="button" className="bar-button" aria-label={text.viewer.close} onClick={closeViewer}>
            <Icon name="close" />
          </button>
        </span>
      </header>
      <Stage
        look={look}
        setLook={setLook}
        measured={setSize}
        address={viewAddress(picture)}
        other={other ? viewAddress(other) : null}
        comparison={other ? comparison : "one"}
      />
    </div>
  );
}

/** Which picture this one is held against, and how. */
function Compare() {
  const { picture, other, comparison } = useViewer();
  const past = useJobs((state) => state.past);
  const all = past.flatMap((job) => job.pictures).filter((one) => !sameFile(one, picture));
  if (all.length === 0) return null;
  return (
    <span className="bar-group viewer-compare">
      <select
        aria-label={text.viewer.pick}
        value={other ? viewAddress(other) : ""}
        onChange={(event) => {
          const chosen = all.find((one) => viewAddress(one) === event.target.value) ?? null;
          useViewer.setState({
            other: chosen,
            comparison: chosen ? (comparison === "one" ? "wipe" : comparison) : "one",
          });
        }}
      >
        <option value="">{text.viewer.pick}…</option>
        {all.map((one) => (
          <option key={viewAddress(one)} value={viewAddress(one)}>
            {one.filename}
          </option>
        ))}
      </select>
      {other &&
        KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            className="viewer-action"
            aria-pressed={comparison === kind}
            onClick={() => useViewer.setState({ comparison: kind })}
          >
            {text.viewer[kind]}
          </button>
        ))}
    </span>
  );
}

interface StageProps {
  readonly look: Look;
  readonly setLook: (look: Look) => void;
  readonly measured: (size: { width: number; height: number }) => void;
  readonly address: string;
  readonly other: string | null;
  readonly comparison: Comparison;
}

function Stage({ look, setLook, measured, address, other, comparison }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number; look: Look } | null>(null);
  const [natural, setNatural] = useState({ width: 0, height: 0 });
  const [cut, setCut] = useState(0.5);
  const halves = comparison === "side" ? 2 : 1;
  const fitted = (): number => {
    const box = stage.current?.getBoundingClientRect();
    if (!box || natural.width === 0) return 1;
    const scale = Math.min((box.width / halves - 32) / natural.width, (box.height - 32) / natural.height);
    return scale > 1 ? Math.max(1, Math.floor(scale)) : scale;
  };
  const scale = look.scale ?? fitted();
  const wheel = (event: WheelEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const next = Math.min(32, Math.max(0.05, scale * 1.0015 ** -event.deltaY));
    const px = event.clientX - box.left - box.width / 2;
    const py = event.clientY - box.top - box.height / 2;
    setLook({ scale: next, x: px - ((px - look.x) * next) / scale, y: py - ((py - look.y) * next) / scale });
  };
  const move = (event: PointerEvent) => {
    const from = drag.current;
    if (from)
      setLook({
        scale: from.look.scale ?? scale,
        x: from.look.x + event.clientX - from.x,
        y: from.look.y + event.clientY - from.y,
      });
    else if (comparison === "wipe" && event.pointerType === "mouse") wipe(event);
  };
  const wipe = (event: PointerEvent) => {
    const image = stage.current?.querySelector("img")?.getBoundingClientRect();
    if (image) setCut(Math.min(1, Math.max(0, (event.clientX - image.left) / image.width)));
  };
  const style = {
    width: natural.width * scale,
    height: natural.height * scale,
    imageRendering: scale >= 2 ? "pixelated" : "auto",
  } as const;
  const first = (
    <img
      src={address}
      alt=""
      draggable={false}
      style={style}
      onLoad={(event) => {
        const now = { width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight };
        setNatural(now);
        measured(now);
      }}
    />
  );
  const second = other && comparison !== "one" && (
    <img
      className="viewer-second"
      src={other}
      alt=""
      draggable={false}
      style={{ ...style, ...(comparison === "wipe" ? { clipPath: `inset(0 0 0 ${cut * 100}%)` } : {}) }}
    />
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: 0 and 1 size the picture by keyboard
    <div
      ref={stage}
      className="viewer-stage"
      data-comparison={comparison}
      onWheel={wheel}
      onPointerDown={(event) => {
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
        {first}
        {second}
        {comparison === "wipe" && second && <i className="viewer-cut" style={{ left: `${cut * 100}%` }} />}
      </div>
    </div>
  );
}

import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import { keysOf } from "../command/command";
import { commandOf } from "../command/commands";
import { compareBound, showBound } from "../run/bound";
import { openPicture } from "../run/past";
import { viewAddress } from "../server/client";
import { shortcutsOf } from "../store/shortcut";
import { closeViewer, step, useViewer } from "../store/viewer";
import { text } from "../text";
import { Icon } from "./Icon";
import { openPictureMenu } from "./pictureMenu";
import { keepFocus } from "./trap";
import { CHANNELS, Channels, Filters } from "./viewer/Channels";
import { Compare, KINDS } from "./viewer/Compare";
import { FITTED, type Look, moved, PIXELS, type Size, zoomed } from "./viewer/look";
import { Probe } from "./viewer/Probe";
import type { Pixel } from "./viewer/pixel";
import { Stage } from "./viewer/Stage";

const ZOOM = 1.25;
const FAR = 80;
const CUT = 0.05;

/** A picture as large as the window, down to its pixels, alone or against another. */
export function Viewer() {
  const open = useViewer((state) => state.picture !== null);
  return open ? <Open /> : null;
}

function Open() {
  const picture = useViewer((state) => state.picture);
  const dialog = useRef<HTMLDivElement>(null);
  const [look, setLook] = useState<Look>(FITTED);
  const [size, setSize] = useState<Size | null>(null);
  const [fit, setFit] = useState(1);
  const [pixels, setPixels] = useState<readonly Pixel[]>([]);
  const measured = useCallback((now: Size, scale: number) => {
    setSize(now);
    setFit(scale);
  }, []);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.focus();
    return () => before?.focus?.();
  }, []);
  if (!picture) return null;
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    keepFocus(event);
    if (press(event, fit, setLook)) event.preventDefault();
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
          {size && size.width > 0 && (
            <small>
              {size.width} × {size.height} · {Math.round((look.scale ?? fit) * 100)} %
            </small>
          )}
        </span>
        <Compare />
        <Channels />
        <Actions look={look} setLook={setLook} />
      </header>
      <Filters />
      <Stage look={look} setLook={setLook} measured={measured} probed={setPixels} />
      <Probe pixels={pixels} />
    </div>
  );
}

type SetLook = (change: (look: Look) => Look) => void;

/** A key of the viewer; tells whether it was one. */
function press(event: KeyboardEvent, fit: number, setLook: SetLook): boolean {
  const { target, key, code, shiftKey } = event;
  const takes = target instanceof HTMLSelectElement || target instanceof HTMLInputElement;
  if (takes && key !== "Escape") return false;
  if (shortcutsOf(commandOf("menu")).includes(keysOf(event.nativeEvent)))
    return openPictureMenu(event.currentTarget.querySelector(".viewer-stage"));
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const digit = /^Digit([1-9])$/.exec(code)?.[1];
  const channel = CHANNELS.find((one) => text.viewer.key[one] === key.toLowerCase());
  if (digit) (shiftKey ? compareBound : showBound)(digit);
  else if (channel) useViewer.setState((state) => ({ channel: state.channel === channel ? "all" : channel }));
  else return comparing(key) || looking(key, shiftKey, fit, setLook);
  return true;
}

/** Keys for what a picture is held against. */
function comparing(key: string): boolean {
  const { other, comparison, cut, strong } = useViewer.getState();
  if (!other || !["x", "[", "]", "d"].includes(key)) return false;
  const next = KINDS[(KINDS.indexOf(comparison) + 1) % KINDS.length] ?? "one";
  if (key === "x") useViewer.setState({ comparison: next });
  else if (key === "d") useViewer.setState({ strong: !strong });
  else useViewer.setState({ cut: Math.min(1, Math.max(0, cut + (key === "[" ? -CUT : CUT))) });
  return true;
}

const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [FAR, 0],
  ArrowRight: [-FAR, 0],
  ArrowUp: [0, FAR],
  ArrowDown: [0, -FAR],
};

/** Keys that size and move the picture, bring another, and end. */
function looking(key: string, shift: boolean, fit: number, setLook: SetLook): boolean {
  const way = WAYS[key];
  const walks = key === "ArrowLeft" || key === "ArrowRight";
  if (way && (shift || !walks)) setLook((now) => moved(now, fit, ...way));
  else if (walks) step(key === "ArrowRight" ? 1 : -1);
  else if (key === "Escape") closeViewer();
  else if (key === "0" || key === "f") setLook(() => FITTED);
  else if (key === "p") setLook(() => PIXELS);
  else if (key === "+" || key === "=") setLook((now) => zoomed(now, fit, ZOOM));
  else if (key === "-") setLook((now) => zoomed(now, fit, 1 / ZOOM));
  else return false;
  return true;
}

function Actions({ look, setLook }: { look: Look; setLook: SetLook }) {
  const picture = useViewer((state) => state.picture);
  if (!picture) return null;
  return (
    <span className="bar-group">
      <button
        type="button"
        className="viewer-action"
        title={`${text.viewer.fit} (0)`}
        aria-pressed={look.scale === null}
        onClick={() => setLook(() => FITTED)}
      >
        {text.viewer.fit}
      </button>
      <button
        type="button"
        className="viewer-action"
        title={`${text.viewer.pixels} (P)`}
        aria-pressed={look.scale === 1}
        onClick={() => setLook(() => PIXELS)}
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
  );
}

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
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
import { CHANNELS, Channels, Filters } from "./viewer/Channels";
import { Compare } from "./viewer/Compare";
import type { Pixel } from "./viewer/pixel";
import { FITTED, type Look, type Size, Stage } from "./viewer/Stage";

const PIXELS: Look = { scale: 1, x: 0, y: 0 };

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
  const [pixels, setPixels] = useState<readonly Pixel[]>([]);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.focus();
    return () => before?.focus?.();
  }, []);
  if (!picture) return null;
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (press(event, setLook)) event.preventDefault();
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
        <Channels />
        <Actions look={look} setLook={setLook} />
      </header>
      <Filters />
      <Stage look={look} setLook={setLook} measured={setSize} probed={setPixels} />
      <Probe pixels={pixels} />
    </div>
  );
}

/** A key of the viewer; tells whether it was one. */
function press(event: KeyboardEvent, setLook: (look: Look) => void): boolean {
  if (event.target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey)
    return false;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  const channel = CHANNELS.find((one) => text.viewer.key[one] === event.key.toLowerCase());
  if (shortcutsOf(commandOf("menu")).includes(keysOf(event.nativeEvent)))
    openPictureMenu(event.currentTarget.querySelector(".viewer-stage"));
  else if (digit) (event.shiftKey ? compareBound : showBound)(digit);
  else if (event.key === "Escape") closeViewer();
  else if (event.key === "ArrowRight") step(1);
  else if (event.key === "ArrowLeft") step(-1);
  else if (event.key === "0" || event.key === "f") setLook(FITTED);
  else if (event.key === "p") setLook(PIXELS);
  else if (channel) useViewer.setState((state) => ({ channel: state.channel === channel ? "all" : channel }));
  else return false;
  return true;
}

function Actions({ look, setLook }: { look: Look; setLook: (look: Look) => void }) {
  const picture = useViewer((state) => state.picture);
  if (!picture) return null;
  return (
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
        onClick={() => setLook(PIXELS)}
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

/** The values of the pixel under the pointer. */
function Probe({ pixels }: { pixels: readonly Pixel[] }) {
  const [first] = pixels;
  return (
    <footer className="viewer-probe">
      {first && (
        <span>
          {first.x}, {first.y}
        </span>
      )}
      {pixels.map(({ values }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the first and the second picture
        <span key={index} className="viewer-values">
          <i style={{ background: `rgb(${values.slice(0, 3).join(" ")})` }} />
          {values.map((value, at) => `${"RGBA"[at]} ${value}`).join("  ")}
        </span>
      ))}
    </footer>
  );
}

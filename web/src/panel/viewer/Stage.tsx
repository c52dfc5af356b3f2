import { type PointerEvent, type ReactNode, useEffect, useRef, useState, type WheelEvent } from "react";
import type { Picture } from "../../store/run";
import { useViewer } from "../../store/viewer";
import { filterOf } from "./Channels";
import { useGesture } from "./gesture";
import { fitted, type Look, type Size, zoomed } from "./look";
import { type Pixel, pixelAt } from "./pixel";
import { Shown } from "./Shown";

const BLINK = 500;
const STRONG = 8;

interface Props {
  readonly look: Look;
  readonly setLook: (change: (look: Look) => Look) => void;
  /** Told how large the picture is, and at which scale it fits. */
  readonly measured: (size: Size, fit: number) => void;
  /** Told which pixels the pointer is over: of the picture, and of the one that it is held against. */
  readonly probed: (pixels: readonly Pixel[]) => void;
}

/** The picture, moved and sized by wheel, pointer and fingers, and the other one: over it, or beside it at one place. */
export function Stage({ look, setLook, measured, probed }: Props) {
  const { picture, other, comparison: wanted, channel, cut, strong } = useViewer();
  const comparison = other ? wanted : "one";
  const stage = useRef<HTMLDivElement>(null);
  const room = useRoom(stage, comparison === "side" ? 2 : 1);
  const [natural, setNatural] = useState<Size>({ width: 0, height: 0 });
  const lit = useBlink(comparison === "blink");
  const fit = fitted(room, natural);
  const { press, move, release } = useGesture(fit, setLook);
  const presses = useRef(0);
  useEffect(() => measured(natural, fit), [natural, fit, measured]);
  if (!picture) return null;
  const scale = look.scale ?? fit;
  const wheel = (event: WheelEvent) => {
    const from = middleOf(paneAt(stage.current, event));
    const at = { x: event.clientX - from.x, y: event.clientY - from.y };
    setLook((now) => zoomed(now, fit, 1.0015 ** -event.deltaY, at));
  };
  const begin = (event: PointerEvent) => {
    presses.current += 1;
    press(event);
  };
  // The first press of a double click may have been the one that opened the viewer: that asks for no other size.
  const toggle = () => {
    if (presses.current > 1) setLook((now) => ({ scale: now.scale === null ? 1 : null, x: 0, y: 0 }));
  };
  const hover = (event: PointerEvent) => {
    const pane = paneAt(stage.current, event);
    const dragged = move(event, middleOf(pane));
    if (!dragged && comparison === "wipe" && event.pointerType === "mouse") {
      const image = pane?.querySelector("img, video")?.getBoundingClientRect();
      const part = image ? (event.clientX - image.left) / image.width : cut;
      useViewer.setState({ cut: Math.min(1, Math.max(0, part)) });
    }
    probed(pixelsUnder(stage.current, pane, event));
  };
  const style = {
    width: natural.width * scale,
    height: natural.height * scale,
    imageRendering: scale >= 2 ? "pixelated" : "auto",
    filter: filterOf(channel),
  } as const;
  const frame = {
    transform: `translate(${look.x}px, ${look.y}px)`,
    ...(comparison === "difference" && strong ? { filter: `brightness(${STRONG})` } : {}),
  };
  const first = <Shown picture={picture} style={style} loaded={setNatural} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys size and move the picture too
    <div
      ref={stage}
      className="viewer-stage"
      data-comparison={comparison}
      onWheel={wheel}
      onPointerDown={begin}
      onPointerMove={hover}
      onPointerUp={release}
      onPointerCancel={release}
      onDoubleClick={toggle}
    >
      <Pane frame={frame} captions={captionsOf(picture, other, comparison, lit)}>
        {first}
        {other && comparison !== "one" && comparison !== "side" && (
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
      </Pane>
      {other && comparison === "side" && (
        <Pane frame={frame} captions={[other.filename]}>
          <Shown second picture={other} style={{ ...style, objectFit: "contain" }} />
        </Pane>
      )}
    </div>
  );
}

/** What is called so where: on the left and on the right of a cut, or the one that is seen now. */
function captionsOf(picture: Picture, other: Picture | null, comparison: string, lit: boolean): string[] {
  if (!other || comparison === "one") return [];
  const [one, two] = [picture.filename, other.filename];
  if (comparison === "wipe") return [one, two];
  if (comparison === "blink") return [lit ? two : one];
  return comparison === "side" ? [one] : [`${one} − ${two}`];
}

function Pane({
  frame,
  captions,
  children,
}: {
  frame: React.CSSProperties;
  captions: readonly string[];
  children: ReactNode;
}) {
  return (
    <div className="viewer-pane">
      <div className="viewer-pictures" style={frame}>
        {children}
      </div>
      <p className="viewer-captions">
        {captions.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the left and the right one
          <span key={at}>{one}</span>
        ))}
      </p>
    </div>
  );
}

interface Screen {
  readonly clientX: number;
  readonly clientY: number;
}

const panesOf = (stage: HTMLElement | null): Element[] => [...(stage?.children ?? [])];

/** The place of a picture that a point of the screen lies in. */
function paneAt(stage: HTMLElement | null, { clientX }: Screen): Element | undefined {
  const panes = panesOf(stage);
  return panes.find((one) => clientX < one.getBoundingClientRect().right) ?? panes.at(-1);
}

function middleOf(pane: Element | undefined): { x: number; y: number } {
  const box = pane?.getBoundingClientRect();
  return box ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : { x: 0, y: 0 };
}

/** The pixel under the pointer, and that at the same place of the other picture. */
function pixelsUnder(stage: HTMLElement | null, pane: Element | undefined, at: Screen): Pixel[] {
  const from = pane?.getBoundingClientRect();
  return panesOf(stage).flatMap((one) => {
    const box = one.getBoundingClientRect();
    const place = { clientX: at.clientX - (from?.left ?? 0) + box.left, clientY: at.clientY };
    const sources = [...one.querySelectorAll<HTMLImageElement>("img, video")];
    return sources.flatMap((source) => pixelAt(source, place) ?? []);
  });
}

/** How much room each of so many pictures has. */
function useRoom(stage: React.RefObject<HTMLElement | null>, panes: number): Size {
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 });
  useEffect(() => {
    const element = stage.current;
    if (!element) return;
    const watch = new ResizeObserver(() =>
      setRoom({ width: element.clientWidth / panes, height: element.clientHeight }),
    );
    watch.observe(element);
    return () => watch.disconnect();
  }, [stage, panes]);
  return room;
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

import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useReducer,
  useRef,
  useState,
} from "react";
import type { Point } from "../model/edit";
import { Fingers } from "../model/finger";
import { Icon } from "../panel/Icon";
import { useAskToLeave } from "../panel/leaving";
import { Sure } from "../panel/Sure";
import { keepFocus } from "../panel/trap";
import { type Ground, groundOf, savePainting } from "../run/paint";
import { complain } from "../server/complaint";
import { closePaint, usePaint } from "../store/paint";
import { text } from "../text";
import { desk } from "../text/desk";
import { type Brush, Easel } from "./easel";
import { useFit } from "./fit";
import "./desk.css";

const say = desk.painting;
const LARGEST = 400;
const STEP = 16;
const FIRST: Brush = { size: 24, colour: "#ffffff", opacity: 1, erase: false };
const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A canvas over the whole window, to paint on what a node shows below. */
export default function PaintEditor() {
  const node = usePaint((state) => state.node);
  const [ground, setGround] = useState<Ground | null>(null);
  useEffect(() => {
    let here = true;
    void groundOf(node).then((found) => here && setGround(found));
    return () => {
      here = false;
    };
  }, [node]);
  return ground && <Open ground={ground} />;
}

function Open({ ground }: { ground: Ground }) {
  const dialog = useRef<HTMLDivElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const [, changed] = useReducer((count: number) => count + 1, 0);
  const [brush, setBrush] = useState(FIRST);
  const [spot, setSpot] = useState<Point>({ x: ground.width / 2, y: ground.height / 2 });
  const { room, width } = useFit(ground.width / ground.height);
  const last = useRef<Point | null>(null);
  const fingers = useRef(new Fingers());
  const made = useRef<Easel | null>(null);
  if (!made.current) {
    const canvas = () => document.createElement("canvas");
    made.current = new Easel(canvas(), canvas(), changed);
  }
  const easel = made.current;
  useAskToLeave(easel.canUndo);
  useEffect(() => {
    sheet.current?.append(easel.dry, easel.wet);
    easel.begin(ground.width, ground.height, ground.painted);
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.focus();
    return () => before?.focus?.();
  }, [easel, ground]);
  const set = (change: Partial<Brush>) => setBrush((now) => ({ ...now, ...change }));
  const save = () => void easel.picture().then(savePainting).catch(complain);
  const at = (event: PointerEvent): Point => {
    const box = sheet.current?.getBoundingClientRect();
    if (!box) return spot;
    return {
      x: ((event.clientX - box.left) / box.width) * ground.width,
      y: ((event.clientY - box.top) / box.height) * ground.height,
    };
  };
  const press = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.press(event.pointerId, at(event));
    if (fingers.current.count > 1) {
      // What one finger began was no stroke, as a second one followed.
      if (last.current) easel.drop();
      last.current = null;
      return;
    }
    last.current = at(event);
    easel.keep();
    easel.line(last.current, last.current, brush);
  };
  const move = (event: PointerEvent) => {
    const now = at(event);
    setSpot(now);
    if (last.current) easel.line(last.current, now, brush);
    if (last.current) last.current = now;
  };
  const end = (event: PointerEvent) => {
    fingers.current.release(event.pointerId);
    if (last.current) easel.end(brush);
    last.current = null;
  };
  const dab = (from: Point, to: Point) => {
    easel.keep();
    easel.line(from, to, brush);
    easel.end(brush);
  };
  const step = ([x, y]: readonly [number, number], event: KeyboardEvent) => {
    const by = event.altKey ? 1 : Math.max(1, Math.round(Math.max(ground.width, ground.height) / STEP / 4));
    const to = {
      x: Math.min(ground.width, Math.max(0, spot.x + x * by)),
      y: Math.min(ground.height, Math.max(0, spot.y + y * by)),
    };
    if (event.shiftKey) dab(spot, to);
    setSpot(to);
  };
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    keepFocus(event);
    if (pressed(event)) event.preventDefault();
  };
  const pressed = (event: KeyboardEvent): boolean => {
    const name = event.key.toLowerCase();
    const typing = event.target instanceof HTMLInputElement;
    if (event.ctrlKey || event.metaKey) {
      if (name === "z") event.shiftKey ? easel.redo() : easel.undo();
      else if (name === "y") easel.redo();
      else if (name === "s") save();
      else return false;
      return true;
    }
    const way = WAYS[event.key];
    if (name === "escape") dialog.current?.querySelector<HTMLElement>("button.mask-cancel")?.click();
    else if (way && !typing) step(way, event);
    else if (name === "enter" && !typing && !(event.target instanceof HTMLButtonElement)) dab(spot, spot);
    else if (name === "b") set({ erase: false });
    else if (name === "e") set({ erase: true });
    else if (name === "[") set({ size: Math.max(1, Math.round(brush.size * 0.8)) });
    else if (name === "]") set({ size: Math.min(LARGEST, Math.round(brush.size * 1.25) + 1) });
    else return false;
    return true;
  };
  return (
    <div
      ref={dialog}
      className="viewer mask paint"
      role="dialog"
      aria-modal="true"
      aria-label={say.title}
      tabIndex={-1}
      onKeyDown={key}
    >
      <Tools easel={easel} brush={brush} set={set} save={save} />
      <div ref={room} className="paint-stage">
        <div
          ref={sheet}
          className="paint-sheet"
          style={{ ...sheetOf(ground), width }}
          onPointerDown={press}
          onPointerMove={move}
          onPointerUp={end}
          onPointerCancel={end}
          onLostPointerCapture={end}
        >
          {ground.below && <img src={ground.below.src} alt="" draggable={false} />}
          <i
            className="paint-ring"
            style={{
              left: `${(spot.x / ground.width) * 100}%`,
              top: `${(spot.y / ground.height) * 100}%`,
              width: `${(brush.size / ground.width) * 100}%`,
            }}
          />
        </div>
      </div>
      <footer className="viewer-probe">
        <span role="status">{say.at(Math.round(spot.x), Math.round(spot.y))}</span>
        <span>{say.keys}</span>
      </footer>
    </div>
  );
}

const sheetOf = ({ width, height, below, colour }: Ground): CSSProperties => ({
  aspectRatio: `${width} / ${height}`,
  ...(below ? {} : { background: colour }),
});

interface ToolProps {
  readonly easel: Easel;
  readonly brush: Brush;
  readonly set: (change: Partial<Brush>) => void;
  readonly save: () => void;
}

function Tools({ easel, brush, set, save }: ToolProps) {
  return (
    <header className="viewer-bar">
      <span className="viewer-name">{say.title}</span>
      <span className="bar-group">
        {(["brush", "erase"] as const).map((tool) => (
          <button
            key={tool}
            type="button"
            className="viewer-action"
            aria-pressed={brush.erase === (tool === "erase")}
            onClick={() => set({ erase: tool === "erase" })}
          >
            {say.tool[tool]}
          </button>
        ))}
      </span>
      <label className="mask-slider paint-colour">
        <span>{say.colour}</span>
        <input type="color" value={brush.colour} onChange={(event) => set({ colour: event.target.value })} />
      </label>
      <Slider name={say.size} value={brush.size} max={LARGEST} set={(size) => set({ size })} />
      <Slider
        name={say.opacity}
        value={Math.round(brush.opacity * 100)}
        max={100}
        set={(part) => set({ opacity: part / 100 })}
      />
      <span className="bar-group">
        <button type="button" className="viewer-action" onClick={() => easel.wipe()}>
          {say.wipe}
        </button>
        <Step name={text.command.undo} icon="undo" can={easel.canUndo} act={easel.undo} />
        <Step name={text.command.redo} icon="redo" can={easel.canRedo} act={easel.redo} />
      </span>
      <span className="bar-group">
        <button type="button" className="mask-save" title={`${say.save} (Ctrl S)`} onClick={save}>
          {say.save}
        </button>
        {easel.canUndo ? (
          <Sure
            className="viewer-action mask-cancel"
            label={say.cancel}
            question={say.sure}
            act={closePaint}
          />
        ) : (
          <button type="button" className="viewer-action mask-cancel" onClick={closePaint}>
            {say.cancel}
          </button>
        )}
      </span>
    </header>
  );
}

interface SliderProps {
  readonly name: string;
  readonly value: number;
  readonly max: number;
  readonly set: (value: number) => void;
}

function Slider({ name, value, max, set }: SliderProps) {
  return (
    <label className="mask-slider">
      <span>{name}</span>
      <input
        type="range"
        min={1}
        max={max}
        value={value}
        onChange={(event) => set(Number(event.target.value))}
      />
      <output>{value}</output>
    </label>
  );
}

function Step(props: { name: string; icon: "undo" | "redo"; can: boolean; act: () => void }) {
  const { name, icon, can, act } = props;
  return (
    <button type="button" className="bar-button" aria-label={name} title={name} disabled={!can} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

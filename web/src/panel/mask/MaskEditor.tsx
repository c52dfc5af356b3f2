import { type KeyboardEvent, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { feather, fill, invert } from "../../model/mask";
import { saveMask } from "../../run/mask";
import { closeMask, useMask } from "../../store/mask";
import { tell } from "../../store/notice";
import { text } from "../../text";
import { Icon } from "../Icon";
import { Sure } from "../Sure";
import { Board } from "./Board";
import { Session } from "./session";

export type Tool = "brush" | "erase" | "fill";

/** How the pointer paints. */
export interface Painting {
  readonly tool: Tool;
  readonly radius: number;
  readonly hardness: number;
}

const TOOLS: readonly Tool[] = ["brush", "erase", "fill"];
const LARGEST = 400;
const COMMON = 24;

/** A brush for pictures of any size: the common one, smaller on a picture that it would cover. */
const brushFor = ({ naturalWidth: width, naturalHeight: height }: HTMLImageElement): number =>
  Math.max(1, Math.min(COMMON, Math.round(Math.min(width, height) / 12)));

/** Paints which part of a picture is to be changed. */
export default function MaskEditor() {
  const picture = useMask((state) => state.picture);
  return picture ? <Open /> : null;
}

function Open() {
  const dialog = useRef<HTMLDivElement>(null);
  const canvas = useMemo(() => document.createElement("canvas"), []);
  const [, changed] = useReducer((count: number) => count + 1, 0);
  const session = useMemo(() => new Session(canvas, changed), [canvas]);
  const [painting, setPainting] = useState<Painting>({ tool: "brush", radius: COMMON, hardness: 0.8 });
  const [edge, setEdge] = useState(8);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.focus();
    return () => before?.focus?.();
  }, []);
  const set = (change: Partial<Painting>) => setPainting((now) => ({ ...now, ...change }));
  const begin = (image: HTMLImageElement) => {
    session.begin(image);
    set({ radius: brushFor(image) });
  };
  const save = () =>
    void saveMask(session.current).catch((problem: Error) =>
      tell(text.server.failed(problem.message), "problem"),
    );
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    const mod = event.ctrlKey || event.metaKey;
    const pressed = event.key.toLowerCase();
    if (mod && pressed === "z") event.shiftKey ? session.redo() : session.undo();
    else if (mod && pressed === "y") session.redo();
    else if (mod && pressed === "s") save();
    else if (mod) return;
    else if (pressed === "b") set({ tool: "brush" });
    else if (pressed === "e") set({ tool: "erase" });
    else if (pressed === "f") set({ tool: "fill" });
    else if (pressed === "i") session.act(invert);
    else if (pressed === "[") set({ radius: Math.max(1, Math.round(painting.radius * 0.8)) });
    else if (pressed === "]") set({ radius: Math.min(LARGEST, Math.round(painting.radius * 1.25) + 1) });
    else if (pressed === "escape") dialog.current?.querySelector<HTMLElement>("button.mask-cancel")?.click();
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={dialog}
      className="viewer mask"
      role="dialog"
      aria-modal="true"
      aria-label={text.mask.title}
      tabIndex={-1}
      onKeyDown={key}
    >
      <header className="viewer-bar">
        <span className="viewer-name">{text.mask.title}</span>
        <span className="bar-group">
          {TOOLS.map((tool) => (
            <button
              key={tool}
              type="button"
              className="viewer-action"
              title={text.mask.tip[tool]}
              aria-pressed={painting.tool === tool}
              onClick={() => set({ tool })}
            >
              {text.mask.tool[tool]}
            </button>
          ))}
        </span>
        <Slider
          name={text.mask.size}
          value={painting.radius}
          min={1}
          max={LARGEST}
          set={(radius) => set({ radius })}
        />
        <Slider
          name={text.mask.hardness}
          value={Math.round(painting.hardness * 100)}
          min={0}
          max={100}
          set={(value) => set({ hardness: value / 100 })}
        />
        <Slider name={text.mask.edge} value={edge} min={1} max={100} set={setEdge} />
        <span className="bar-group">
          <button
            type="button"
            className="viewer-action"
            onClick={() => session.act((mask) => feather(mask, edge))}
          >
            {text.mask.feather}
          </button>
          <button type="button" className="viewer-action" onClick={() => session.act(invert)}>
            {text.mask.invert}
          </button>
          <button
            type="button"
            className="viewer-action"
            onClick={() => session.act((mask) => mask.data.fill(0))}
          >
            {text.mask.clear}
          </button>
          <Step name={text.command.undo} icon="undo" can={session.canUndo} act={() => session.undo()} />
          <Step name={text.command.redo} icon="redo" can={session.canRedo} act={() => session.redo()} />
        </span>
        <span className="bar-group">
          <button type="button" className="mask-save" onClick={save}>
            {text.mask.save}
          </button>
          {session.canUndo ? (
            <Sure
              className="viewer-action mask-cancel"
              label={text.mask.cancel}
              question={text.mask.sure}
              act={closeMask}
            />
          ) : (
            <button type="button" className="viewer-action mask-cancel" onClick={closeMask}>
              {text.mask.cancel}
            </button>
          )}
        </span>
      </header>
      <Board
        canvas={canvas}
        painting={painting}
        begin={begin}
        keep={() => session.keep()}
        line={(from, to) => session.line(from, to, { ...painting, erase: painting.tool === "erase" })}
        pour={(at) => session.act((mask) => fill(mask, at))}
      />
    </div>
  );
}

interface SliderProps {
  readonly name: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly set: (value: number) => void;
}

function Slider({ name, value, min, max, set }: SliderProps) {
  return (
    <label className="mask-slider">
      <span>{name}</span>
      <input
        type="range"
        min={min}
        max={max}
        value={value}
        onChange={(event) => set(Number(event.target.value))}
      />
      <output>{value}</output>
    </label>
  );
}

interface StepProps {
  readonly name: string;
  readonly icon: "undo" | "redo";
  readonly can: boolean;
  readonly act: () => void;
}

function Step({ name, icon, can, act }: StepProps) {
  return (
    <button type="button" className="bar-button" aria-label={name} title={name} disabled={!can} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

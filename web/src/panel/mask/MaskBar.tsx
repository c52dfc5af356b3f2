import { feather, grow, invert } from "../../model/mask";
import { closeMask } from "../../store/mask";
import { text } from "../../text";
import { Icon } from "../Icon";
import { Sure } from "../Sure";
import { LARGEST, type Painting, TOOLS } from "./painting";
import type { Session } from "./session";

interface Props {
  readonly session: Session;
  readonly painting: Painting;
  readonly set: (change: Partial<Painting>) => void;
  readonly save: () => void;
}

/** The tools of the mask editor, and what is done to the whole mask. */
export function MaskBar({ session, painting, set, save }: Props) {
  const { edge } = painting;
  return (
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
      <Slider name={text.mask.edge} value={edge} min={1} max={100} set={(value) => set({ edge: value })} />
      <span className="bar-group">
        <Act name={text.mask.feather} keys="S" act={() => session.act((mask) => feather(mask, edge))} />
        <Act name={text.mask.grow} keys="G" act={() => session.act((mask) => grow(mask, edge))} />
        <Act name={text.mask.shrink} keys="Shift G" act={() => session.act((mask) => grow(mask, -edge))} />
        <Act name={text.mask.invert} keys="I" act={() => session.act(invert)} />
        <Act name={text.mask.all} keys="A" act={() => session.act((mask) => mask.data.fill(255))} />
        <Act name={text.mask.clear} keys="C" act={() => session.act((mask) => mask.data.fill(0))} />
        <Step name={text.command.undo} icon="undo" can={session.canUndo} act={() => session.undo()} />
        <Step name={text.command.redo} icon="redo" can={session.canRedo} act={() => session.redo()} />
      </span>
      <span className="bar-group">
        <button type="button" className="mask-save" title={`${text.mask.save} (Ctrl S)`} onClick={save}>
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
  );
}

function Act({ name, keys, act }: { name: string; keys: string; act: () => void }) {
  return (
    <button type="button" className="viewer-action" title={`${name} (${keys})`} onClick={act}>
      {name}
    </button>
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

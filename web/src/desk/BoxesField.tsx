import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import {
  addBox,
  between,
  boxesOf,
  coloursIn,
  type DrawnBox,
  placeBox,
  removeBox,
  type Sides,
  type Size,
  shiftBox,
  tellBox,
} from "../model/boxes";
import type { Desk } from "../model/spec";
import type { Value } from "../model/value";
import { Icon } from "../panel/Icon";
import { usePictureInto } from "../run/under";
import { useNode } from "../store/document";
import { desk } from "../text/desk";
import type { FieldProps } from "../widget/WidgetRow";
import { useFit } from "./fit";

const say = desk.boxes;
let gestures = 0;

type Grip = "draw" | "move" | "size";
interface Drag {
  readonly grip: Grip;
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly from: Sides;
  readonly before: Value;
  readonly key: string;
}

/** Boxes on a picture: a drag draws one, moves it, or sizes it by its corner; below is said what each holds. */
export function BoxesField({ node, label, value, set }: FieldProps<{ kind: Desk }>) {
  const area = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const [chosen, setChosen] = useState(-1);
  const size = useSize(node);
  const { room, width } = useFit(size.width / size.height);
  const picture = usePictureInto(node, "background");
  const boxes = boxesOf(value);
  const box = boxes.find((one) => one.at === chosen);
  const place = (event: PointerEvent): [number, number] => {
    const edge = area.current?.getBoundingClientRect();
    if (!edge) return [0, 0];
    const share = (at: number, start: number, length: number) =>
      Math.min(1, Math.max(0, (at - start) / length));
    return [
      share(event.clientX, edge.left, edge.width) * size.width,
      share(event.clientY, edge.top, edge.height) * size.height,
    ];
  };
  const begin = (event: PointerEvent, grip: Grip, held?: DrawnBox) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    const [x, y] = place(event);
    area.current?.setPointerCapture(event.pointerId);
    gestures += 1;
    const at = held?.at ?? (Array.isArray(value) ? value.length : 0);
    const from = held ?? between(x, y, x, y);
    drag.current = { grip, at, x, y, from, before: value, key: `!boxes ${gestures}` };
    setChosen(held ? held.at : -1);
  };
  const move = (event: PointerEvent) => {
    const now = drag.current;
    if (!now) return;
    const [x, y] = place(event);
    const [dx, dy] = [x - now.x, y - now.y];
    if (now.grip === "draw") {
      if (!box && Math.hypot(dx, dy) < size.width / 100) return;
      const sides = between(now.x, now.y, x, y);
      set(box ? placeBox(value, now.at, sides, size) : addBox(value, sides, size), now.key);
      setChosen(now.at);
    } else set(placeBox(value, now.at, dragged(now, dx, dy), size), now.key);
  };
  const end = () => {
    drag.current = null;
  };
  /** A second finger came: it was no drag. */
  const drop = () => {
    const now = drag.current;
    if (now && now.before !== value) set(now.before, now.key);
    end();
  };
  const key = (event: KeyboardEvent, one: DrawnBox) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) {
      const by = event.altKey ? 1 : Math.max(1, Math.round(Math.max(size.width, size.height) / 64));
      const [x = 0, y = 0] = way.map((step) => step * by);
      const grip = event.shiftKey ? "size" : "move";
      set(placeBox(value, one.at, dragged({ grip, from: one }, x, y), size), `boxes ${node} ${one.at}`);
    } else if (event.key === "Delete" || event.key === "Backspace") remove(one.at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const remove = (at: number) => {
    set(removeBox(value, at), `boxes ${node} remove ${boxes.length}`);
    setChosen(-1);
    area.current?.focus();
  };
  const add = () => {
    set(addBox(value, middleOf(size), size), `boxes ${node} add ${boxes.length}`);
    setChosen(Array.isArray(value) ? value.length : 0);
  };
  return (
    <fieldset className="own" aria-label={label}>
      <div ref={room} className="own-room">
        <div
          ref={area}
          className="own-sheet"
          tabIndex={-1}
          style={{ width, aspectRatio: `${size.width} / ${size.height}` }}
          onPointerDown={(event) => begin(event, "draw")}
          onPointerMove={move}
          onPointerUp={end}
          onPointerCancel={drop}
          onLostPointerCapture={end}
        >
          {picture && <img className="own-below" src={picture} alt="" draggable={false} />}
          {boxes.map((one, number) => (
            <button
              key={one.at}
              type="button"
              className="own-box"
              aria-label={say.box(number + 1, one.text || one.desc)}
              aria-pressed={one.at === chosen}
              title={say.place(one.x, one.y, one.width, one.height)}
              style={{ ...shareOf(one, size), borderColor: one.palette[0] }}
              onFocus={() => setChosen(one.at)}
              onPointerDown={(event) => begin(event, "move", one)}
              onKeyDown={(event) => key(event, one)}
            >
              <span>{number + 1}</span>
              {one.at === chosen && (
                <i className="own-grip" onPointerDown={(event) => begin(event, "size", one)} />
              )}
            </button>
          ))}
        </div>
      </div>
      <footer className="own-foot">
        <button type="button" className="field-button" title={say.add} aria-label={say.add} onClick={add}>
          <Icon name="plus" />
        </button>
        {box && (
          <>
            <Act name={say.back} icon="sink" act={() => shift(-1)} />
            <Act name={say.forward} icon="up" act={() => shift(1)} />
            <Act name={say.remove} icon="bin" act={() => remove(box.at)} />
            <select
              aria-label={say.kind}
              value={box.isText ? "text" : "obj"}
              onChange={(event) => tell({ type: event.target.value as "obj" | "text" })}
            >
              <option value="obj">{say.object}</option>
              <option value="text">{say.text}</option>
            </select>
          </>
        )}
      </footer>
      {/* As high with a box as without one: the sheet above stays as it is while one is drawn. */}
      {box ? (
        <div className="own-words" key={box.at}>
          {box.isText && (
            <input
              aria-label={say.written}
              placeholder={say.written}
              value={box.text}
              onChange={(event) => tell({ text: event.target.value })}
            />
          )}
          <input
            aria-label={say.desc}
            placeholder={say.desc}
            value={box.desc}
            onChange={(event) => tell({ desc: event.target.value })}
          />
          {!box.isText && (
            <input
              aria-label={say.colours}
              placeholder={say.colours}
              defaultValue={box.palette.join(" ")}
              onBlur={(event) => tell({ palette: coloursIn(event.target.value) })}
            />
          )}
        </div>
      ) : (
        <p className="own-words own-hint">{say.hint}</p>
      )}
    </fieldset>
  );

  function tell(words: Parameters<typeof tellBox>[2]): void {
    if (!box) return;
    const same = "palette" in words && words.palette?.join() === box.palette.join();
    if (!same) set(tellBox(value, box.at, words), `boxes ${node} ${box.at} ${Object.keys(words).join()}`);
  }
  function shift(by: 1 | -1): void {
    if (!box) return;
    set(shiftBox(value, box.at, by), `boxes ${node} shift`);
    setChosen(Math.min(Math.max(0, box.at + by), (Array.isArray(value) ? value.length : 1) - 1));
  }
}

function dragged({ grip, from }: Pick<Drag, "grip" | "from">, x: number, y: number): Sides {
  return grip === "move"
    ? { ...from, x: from.x + x, y: from.y + y }
    : { ...from, width: from.width + x, height: from.height + y };
}

const middleOf = ({ width, height }: Size): Sides => ({
  x: width / 4,
  y: height / 4,
  width: width / 2,
  height: height / 2,
});

const shareOf = (one: Sides, size: Size) => ({
  left: `${(one.x / size.width) * 100}%`,
  top: `${(one.y / size.height) * 100}%`,
  width: `${(one.width / size.width) * 100}%`,
  height: `${(one.height / size.height) * 100}%`,
});

/** The size of the picture that boxes are for, as the node's other inputs say it. */
function useSize(id: string): Size {
  const node = useNode(id);
  const side = (name: string) => {
    const value = Number(node?.values[name] ?? 1024);
    return Number.isFinite(value) && value > 0 ? value : 1024;
  };
  return { width: side("width"), height: side("height") };
}

function Act({ name, icon, act }: { name: string; icon: "up" | "sink" | "bin"; act: () => void }) {
  return (
    <button type="button" className="field-button" title={name} aria-label={name} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

import { type CSSProperties, type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import {
  type Arrangement,
  arrangementOf,
  isFor,
  type LaidLayer,
  layWith,
  shiftLayer,
  written,
} from "../model/layers";
import type { Desk } from "../model/spec";
import type { Value } from "../model/value";
import { Icon } from "../panel/Icon";
import { type CameLayers, placeOf, useLayers } from "../run/desk";
import { viewAddress } from "../server/client";
import { useDocument } from "../store/document";
import { desk } from "../text/desk";
import type { FieldProps } from "../widget/WidgetRow";
import { useFit } from "./fit";

const say = desk.layers;
let gestures = 0;

/** The layers of a picture: a drag moves one on the canvas; the list orders, hides and fades them. */
export function LayersField({ node, label, value, set, reset }: FieldProps<{ kind: Desk }>) {
  const path = useDocument((state) => state.history.document.path);
  const tab = useDocument((state) => state.tab);
  const came = useLayers((state) => state[placeOf(tab, [...path, node].join(":"))]);
  if (!came)
    return (
      <fieldset className="own" aria-label={label}>
        <div className="own-canvas">
          <span>{say.run}</span>
        </div>
      </fieldset>
    );
  const held = isLaid(value);
  return (
    <fieldset className="own" aria-label={label}>
      <Laid node={node} came={came} value={value} set={(next, key) => set(written(next), key)} />
      <footer className="own-foot">
        {held && (
          <button type="button" className="own-key" onClick={reset}>
            {say.reset}
          </button>
        )}
        {held && !isFor(value, came) ? (
          <span className="own-hint">{say.other}</span>
        ) : (
          !isSeen(value, came) && <span className="own-hint">{say.unrun}</span>
        )}
      </footer>
    </fieldset>
  );
}

/** Whether a node holds how its layers lie. */
const isLaid = (value: Value | undefined): boolean => Object.keys((value ?? {}) as object).length > 0;
/** Whether the last run laid the layers as the node holds them now. */
const isSeen = (value: Value, came: CameLayers): boolean =>
  value === came.laid || !(isLaid(value) || isLaid(came.laid));

interface LaidProps {
  readonly node: string;
  readonly came: CameLayers;
  readonly value: Value;
  readonly set: (next: Arrangement, key: string) => void;
}

function Laid({ node, came, value, set }: LaidProps) {
  const area = useRef<HTMLDivElement>(null);
  const drag = useRef<{ at: number; x: number; y: number; from: LaidLayer; key: string } | null>(null);
  const [chosen, setChosen] = useState(-1);
  const laid = arrangementOf(value, came);
  const { w, h } = laid.canvas;
  const { room, width } = useFit(w / h);
  const drawn = laid.order.filter((at) => laid.layers[at] && came.pictures[at]);
  const nameOf = (at: number) => say.layer(at + 1, laid.layers[at]?.name ?? null);
  const scale = () => w / (area.current?.getBoundingClientRect().width || w);
  const begin = (event: PointerEvent, at: number) => {
    const from = laid.layers[at];
    if (event.button !== 0 || !from) return;
    event.stopPropagation();
    area.current?.setPointerCapture(event.pointerId);
    gestures += 1;
    drag.current = { at, x: event.clientX, y: event.clientY, from, key: `!layers ${gestures}` };
    setChosen(at);
  };
  const move = (event: PointerEvent) => {
    const now = drag.current;
    if (!now) return;
    const by = scale();
    moveTo(now.at, now.from, (event.clientX - now.x) * by, (event.clientY - now.y) * by, now.key);
  };
  const moveTo = (at: number, from: LaidLayer, dx: number, dy: number, key: string) => {
    const transform = { x: Math.round(from.transform.x + dx), y: Math.round(from.transform.y + dy) };
    set(layWith(laid, at, { transform }), key);
  };
  const end = () => {
    drag.current = null;
  };
  /** A second finger came: it was no drag. */
  const drop = () => {
    const now = drag.current;
    if (now && laid.layers[now.at] !== now.from) moveTo(now.at, now.from, 0, 0, now.key);
    end();
  };
  const key = (event: KeyboardEvent, at: number) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const from = laid.layers[at];
    if (!way || !from) return;
    const by = event.altKey ? 1 : Math.max(1, Math.round(Math.max(w, h) / 64));
    moveTo(at, from, (way[0] ?? 0) * by, (way[1] ?? 0) * by, `layers ${node} ${at}`);
    event.preventDefault();
    event.stopPropagation();
  };
  const whole = isSeen(value, came) && came.whole;
  return (
    <>
      <div ref={room} className="own-room">
        <div
          ref={area}
          className="own-sheet own-checked"
          style={{ width, aspectRatio: `${w} / ${h}` }}
          onPointerMove={move}
          onPointerUp={end}
          onPointerCancel={drop}
          onLostPointerCapture={end}
        >
          {whole && <img className="own-below" src={viewAddress(whole)} alt="" draggable={false} />}
          {drawn.map((at) => {
            const one = laid.layers[at] as LaidLayer;
            return (
              one.visible && (
                <button
                  key={at}
                  type="button"
                  className="own-layer"
                  aria-label={nameOf(at)}
                  aria-pressed={at === chosen}
                  title={`${nameOf(at)} ${say.place(Math.round(one.transform.x), Math.round(one.transform.y))}`}
                  style={placed(one, w, h)}
                  onFocus={() => setChosen(at)}
                  onPointerDown={(event) => begin(event, at)}
                  onKeyDown={(event) => key(event, at)}
                >
                  {!whole && (
                    <img
                      src={viewAddress(came.pictures[at] as CameLayers["pictures"][number])}
                      alt=""
                      draggable={false}
                      style={looked(one)}
                    />
                  )}
                </button>
              )
            );
          })}
        </div>
      </div>
      <ul className="own-list nowheel">
        {[...drawn].reverse().map((at) => {
          const one = laid.layers[at] as LaidLayer;
          const name = nameOf(at);
          return (
            <li key={at} data-chosen={at === chosen ? "" : undefined}>
              <button
                type="button"
                className="field-button"
                aria-pressed={one.visible}
                aria-label={one.visible ? say.hide(name) : say.show(name)}
                title={one.visible ? say.hide(name) : say.show(name)}
                onClick={() => set(layWith(laid, at, { visible: !one.visible }), discrete())}
              >
                <Icon name={one.visible ? "check" : "minus"} />
              </button>
              <span className="own-name">{name}</span>
              <input
                type="range"
                min={0}
                max={100}
                aria-label={say.opacity(name)}
                title={say.opacity(name)}
                value={Math.round(one.opacity * 100)}
                onChange={(event) =>
                  set(
                    layWith(laid, at, { opacity: Number(event.target.value) / 100 }),
                    `layers ${node} faded ${at}`,
                  )
                }
              />
              <Shift
                name={say.down(name)}
                icon="sink"
                act={() => set(shiftLayer(laid, at, -1), discrete())}
              />
              <Shift name={say.up(name)} icon="up" act={() => set(shiftLayer(laid, at, 1), discrete())} />
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** A press is a step of its own. */
function discrete(): string {
  gestures += 1;
  return `!layers ${gestures}`;
}

const placed = ({ transform }: LaidLayer, w: number, h: number): CSSProperties => ({
  left: `${(transform.x / w) * 100}%`,
  top: `${(transform.y / h) * 100}%`,
  width: `${(transform.w / w) * 100}%`,
  height: `${(transform.h / h) * 100}%`,
  rotate: `${transform.rotation}rad`,
});

/** As browsers can show it; a run shows it as it is. */
const looked = (one: LaidLayer): CSSProperties => ({
  opacity: one.opacity,
  mixBlendMode: one.blend as CSSProperties["mixBlendMode"],
  scale: `${one.flipH ? -1 : 1} ${one.flipV ? -1 : 1}`,
});

function Shift({ name, icon, act }: { name: string; icon: "up" | "sink"; act: () => void }) {
  return (
    <button type="button" className="field-button" title={name} aria-label={name} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}

import { useMemo } from "react";
import { typeColor } from "../canvas/color";
import { freeId, newNode, putNode } from "../model/edit";
import { type Hanging, land } from "../model/hang";
import { search } from "../model/search";
import { HEADER, inputY, outputY, PAD, shapeOf } from "../model/shape";
import { fits, type Spec } from "../model/spec";
import { inputFor, outputFor } from "../model/wire";
import { specs, useCatalogue } from "../store/catalogue";
import { apply, current } from "../store/document";
import { noteUse, used } from "../store/recent";
import { select } from "../store/selection";
import { type Adding, show, useView } from "../store/view";
import { text } from "../text";
import { Palette } from "./Palette";

/** The search for a node to add; with a wire that waits, only nodes that it fits. */
export function AddNode() {
  const adding = useView((state) => state.adding);
  const all = useCatalogue((state) => state.specs);
  const wire = adding?.wire ?? null;
  const entries = useMemo(
    () => Object.values(all).filter((spec) => !spec.deprecated && suits(spec, wire)),
    [all, wire],
  );
  if (!adding) return null;
  return (
    <Palette<Spec>
      label={text.command.add}
      placeholder={text.search.placeholder}
      nothing={text.search.nothing}
      note={wire && <Fitting wire={wire} />}
      find={(query) =>
        query === ""
          ? usual(entries, wire)
          : search(query, entries, entryOf, (spec) => Math.min(60, used(spec.id) * 6) + closeness(spec, wire))
      }
      keyOf={(spec) => spec.id}
      row={(spec) => <Row spec={spec} />}
      aside={innerWidth > 640 ? (spec) => <About spec={spec} /> : undefined}
      choose={(spec) => add(spec, adding)}
      close={() => show({ adding: null })}
      place={adding.screen}
    />
  );
}

const entryOf = (spec: Spec) => ({
  name: spec.title,
  others: [spec.id, ...spec.aliases],
  place: spec.category,
  text: spec.description,
});

/** Those that fit best and were used most, then by name. */
const usual = (entries: readonly Spec[], wire: Hanging | null): Spec[] =>
  [...entries].sort(
    (one, other) =>
      closeness(other, wire) - closeness(one, wire) ||
      used(other.id) - used(one.id) ||
      one.category.localeCompare(other.category) ||
      one.title.localeCompare(other.title),
  );

function suits(spec: Spec, wire: Hanging | null): boolean {
  if (!wire) return true;
  return wire.output || wire.picked
    ? spec.inputs.some((one) => fits(wire.type, one.type))
    : spec.outputs.some((one) => fits(one.type, wire.type));
}

/** A node whose socket has the wire's very type comes before one that takes anything. */
function closeness(spec: Spec, wire: Hanging | null): number {
  if (!wire) return 0;
  const sockets = wire.output || wire.picked ? spec.inputs.filter((one) => !one.widget) : spec.outputs;
  return sockets.some((one) => one.type === wire.type) ? 150 : 0;
}

function Fitting({ wire }: { wire: Hanging }) {
  return (
    <>
      <i className="type-dot" style={{ background: typeColor(wire.type) }} />
      {wire.output || wire.picked ? text.search.fitting(wire.type) : text.search.giving(wire.type)}
    </>
  );
}

function Row({ spec }: { spec: Spec }) {
  return (
    <>
      <span className="palette-name">{spec.title}</span>
      <span className="palette-place">{spec.category}</span>
    </>
  );
}

/** What a node takes, gives and does, before it is chosen. */
function About({ spec }: { spec: Spec }) {
  const takes = spec.inputs.filter((one) => !one.widget);
  return (
    <>
      <h3>{spec.title}</h3>
      <p>{spec.description.split("\n\n")[0]}</p>
      <div className="palette-sockets">
        <ul>
          {takes.map((one) => (
            <li key={one.name}>
              <i className="type-dot" style={{ background: typeColor(one.type) }} />
              {one.label ?? one.name}
            </li>
          ))}
        </ul>
        <ul>
          {spec.outputs.map((one) => (
            <li key={one.name}>
              {one.name}
              <i className="type-dot" style={{ background: typeColor(one.type) }} />
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

function add(spec: Spec, { place, wire }: Adding): void {
  show({ adding: null });
  noteUse(spec.id);
  const id = freeId(current());
  const socket = wire && socketFor(spec, wire);
  const node = newNode(id, spec, place);
  const at = socket
    ? besideWire(node, spec, wire, socket)
    : { ...node, x: node.x - Math.round(node.width / 2) };
  const placed = putNode(at)(current());
  const landing = socket && wire ? land(placed, wire, { node: id, ...socket }, specs()) : null;
  apply(text.edit.add(spec.title), () => (typeof landing === "function" ? landing(placed) : placed));
  select([id]);
}

function socketFor(spec: Spec, wire: Hanging): { output: boolean; socket: string } | null {
  if (wire.output || wire.picked) {
    const input = inputFor(spec.inputs, wire.type);
    return input ? { output: false, socket: input.name } : null;
  }
  const slot = outputFor(spec, wire.type);
  return slot >= 0 ? { output: true, socket: String(slot) } : null;
}

/** So that the socket which takes the wire comes to lie where the wire was let go. */
function besideWire(
  node: ReturnType<typeof newNode>,
  spec: Spec,
  wire: Hanging | null,
  socket: { output: boolean; socket: string },
) {
  if (!wire) return node;
  const shape = shapeOf(node, spec);
  const y = socket.output ? outputY(shape, Number(socket.socket)) : inputY(shape, socket.socket, false);
  return {
    ...node,
    x: socket.output ? node.x - shape.width - PAD : node.x + PAD,
    y: node.y - HEADER - Math.round(y) + HEADER,
  };
}

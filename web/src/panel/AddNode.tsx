import { useMemo } from "react";
import { typeColor } from "../canvas/color";
import { addNode } from "../command/add";
import { closeness, suits } from "../model/addition";
import { usual } from "../model/everyday";
import type { Hanging } from "../model/hang";
import { search } from "../model/search";
import type { Spec } from "../model/spec";
import { useCatalogue } from "../store/catalogue";
import { used } from "../store/recent";
import { show, useView } from "../store/view";
import { text } from "../text";
import { letters, Palette } from "./Palette";

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
          ? usual(entries, wire, used)
          : search(query, entries, entryOf, (spec) => Math.min(60, used(spec.id) * 6) + closeness(spec, wire))
      }
      keyOf={(spec) => spec.id}
      row={(spec) => <Row spec={spec} />}
      aside={innerWidth > 640 * letters() ? (spec) => <About spec={spec} /> : undefined}
      choose={(spec) => {
        show({ adding: null });
        addNode(spec, adding.place, wire, adding.clear === true);
      }}
      close={() => show({ adding: null })}
      place={adding.screen}
    />
  );
}

export const entryOf = (spec: Spec) => ({
  name: spec.title,
  others: [spec.id, ...spec.aliases],
  place: spec.category,
  text: spec.description,
});

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

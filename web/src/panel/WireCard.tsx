import { useLayoutEffect, useRef, useState } from "react";
import { typeColor } from "../canvas/color";
import { outputsOf } from "../model/shape";
import { useCatalogue } from "../store/catalogue";
import { useGraph } from "../store/document";
import { useGlance } from "../store/glance";
import { Value } from "./Value";

const AWAY = 16;

/** What a wire carries: its type, where it leads, and what went through it in the last run. */
export function WireCard() {
  const link = useGlance((state) => state.link);
  const wire = useGraph().links[link ?? -1];
  return wire ? <Card key={wire.id} id={wire.id} /> : null;
}

function Card({ id }: { id: number }) {
  const { screen, facts } = useGlance();
  const document = useGraph();
  const specs = useCatalogue((state) => state.specs);
  const card = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0, opacity: 0 });
  const wire = document.links[id];
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is known of the value changes the card's size
  useLayoutEffect(() => {
    const box = card.current?.getBoundingClientRect();
    if (!box) return;
    const below = screen.y + AWAY;
    setPlace({
      left: Math.max(8, Math.min(screen.x + AWAY, innerWidth - box.width - 8)),
      top: below + box.height > innerHeight - 8 ? Math.max(8, screen.y - AWAY - box.height) : below,
      opacity: 1,
    });
  }, [screen, facts]);
  if (!wire) return null;
  const titleOf = (node: string) =>
    document.nodes[node]?.title || specs[document.nodes[node]?.type ?? ""]?.title || node;
  const source = document.nodes[wire.from];
  const output = source && outputsOf(source, specs[source.type])[wire.slot]?.name;
  return (
    <div ref={card} className="wire-card" role="tooltip" style={place}>
      <header>
        <i className="type-dot" style={{ background: typeColor(wire.type) }} />
        <b>{wire.type.split(",").join(", ")}</b>
        <small>
          {titleOf(wire.from)} · {output || wire.output} → {titleOf(wire.to)} · {wire.input}
        </small>
      </header>
      <Value facts={facts} />
    </div>
  );
}

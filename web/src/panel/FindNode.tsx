import { reveal, showBox } from "../canvas/camera";
import { nodeTitle } from "../command/title";
import type { Frame, GraphNode } from "../model/document";
import { search } from "../model/search";
import { current } from "../store/document";
import { select } from "../store/selection";
import { show, useView } from "../store/view";
import { text } from "../text";
import { Palette } from "./Palette";

type Found = { readonly node: GraphNode } | { readonly frame: Frame };

/** Find a node of the open graph by its name, its type, its number or what is written in it; or a frame. */
export function FindNode() {
  const finding = useView((state) => state.finding);
  if (!finding) return null;
  const all: Found[] = [
    ...Object.values(current().nodes).map((node) => ({ node })),
    ...Object.values(current().frames).map((frame) => ({ frame })),
  ];
  return (
    <Palette<Found>
      label={text.command.find}
      placeholder={text.find.placeholder}
      nothing={text.find.nothing}
      find={(query) => search(query, all, searched)}
      keyOf={(one) => ("node" in one ? one.node.id : `frame-${one.frame.id}`)}
      row={(one) => (
        <>
          <span className="palette-name">{searched(one).name}</span>
          <span className="palette-place">{aside(one)}</span>
        </>
      )}
      choose={(one) => {
        show({ finding: false });
        goTo(one);
      }}
      close={() => show({ finding: false })}
    />
  );
}

const searched = (one: Found) =>
  "node" in one
    ? {
        name: nodeTitle(one.node.id),
        others: [one.node.type, `#${one.node.id}`, one.node.id],
        text: Object.values(one.node.values).map(String).join(" "),
      }
    : { name: one.frame.title, others: [text.frame.title] };

const aside = (one: Found): string =>
  "node" in one
    ? `${Object.values(one.node.values).map(String).join(" · ").slice(0, 60) || one.node.type} #${one.node.id}`
    : text.frame.title;

function goTo(one: Found): void {
  if ("node" in one) {
    select([one.node.id]);
    reveal(one.node.id);
  } else {
    select([], [one.frame.id]);
    showBox(one.frame);
  }
}

import { reveal } from "../canvas/camera";
import type { GraphNode } from "../model/document";
import { search } from "../model/search";
import { specs } from "../store/catalogue";
import { current } from "../store/document";
import { select } from "../store/selection";
import { show, useView } from "../store/view";
import { text } from "../text";
import { Palette } from "./Palette";

const titleOf = (node: GraphNode): string => node.title || specs()[node.type]?.title || node.type;

/** Find a node of the open graph by its name, its type, its number or what is written in it. */
export function FindNode() {
  const finding = useView((state) => state.finding);
  if (!finding) return null;
  const nodes = Object.values(current().nodes);
  return (
    <Palette<GraphNode>
      label={text.command.find}
      placeholder={text.find.placeholder}
      nothing={text.find.nothing}
      find={(query) =>
        search(query, nodes, (node) => ({
          name: titleOf(node),
          others: [node.type, `#${node.id}`, node.id],
          text: Object.values(node.values).map(String).join(" "),
        }))
      }
      keyOf={(node) => node.id}
      row={(node) => (
        <>
          <span className="palette-name">{titleOf(node)}</span>
          <span className="palette-place">
            {Object.values(node.values).map(String).join(" · ").slice(0, 60) || node.type} #{node.id}
          </span>
        </>
      )}
      choose={(node) => {
        show({ finding: false });
        select([node.id]);
        reveal(node.id);
      }}
      close={() => show({ finding: false })}
    />
  );
}

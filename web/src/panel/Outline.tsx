import { reveal } from "../canvas/camera";
import { type Document, type GraphNode, linkInto } from "../model/document";
import { isNote } from "../model/frontend";
import { layersOf } from "../model/layout";
import { inputsOf, isTall } from "../model/shape";
import { Failure } from "../node/Failure";
import { Words } from "../node/NoteBody";
import { StateChip } from "../node/State";
import { picturesOf } from "../run/bound";
import { viewAddress } from "../server/client";
import { useCatalogue } from "../store/catalogue";
import { useGraph } from "../store/document";
import { useRun } from "../store/run";
import { select, useSelection } from "../store/selection";
import { view } from "../store/viewer";
import { text } from "../text";
import { Field } from "../widget/WidgetRow";
import { Player } from "./Player";
import { pictureMenu } from "./pictureMenu";
import { isStill } from "./viewer/film";

/** The graph as a list, in the order in which it runs: for phones, and for those who do not see the canvas. */
export function Outline() {
  const document = useGraph();
  const order = layersOf(document).flat();
  if (order.length === 0) return <p className="drawer-none">{text.outline.empty}</p>;
  return (
    <ol className="outline">
      {order.map((id) => (
        <Entry key={id} document={document} node={document.nodes[id] as GraphNode} />
      ))}
    </ol>
  );
}

function Entry({ document, node }: { document: Document; node: GraphNode }) {
  const spec = useCatalogue((state) => state.specs[node.type]);
  const chosen = useSelection((state) => state.nodes.has(node.id));
  const failure = useRun((state) => state.nodes[node.id]?.failure);
  const warning = useRun((state) => state.nodes[node.id]?.warning);
  const fields = (isNote(node.type) ? [] : inputsOf(node, spec)).filter(
    (one) => one.widget && !one.advanced && !linkInto(document, node.id, one.name),
  );
  return (
    <li className="outline-node" data-chosen={chosen ? "" : undefined}>
      <header>
        <button
          type="button"
          onClick={() => {
            select([node.id]);
            reveal(node.id);
          }}
        >
          {node.title || spec?.title || node.type}
        </button>
        <StateChip id={node.id} />
      </header>
      {failure && <Failure failure={failure} />}
      {warning && <p className="node-warning">{warning}</p>}
      {isNote(node.type) && (
        <div className="note outline-note">
          <Words node={node} />
        </div>
      )}
      {fields.map((one) => (
        <div key={one.name} className="outline-field" data-tall={isTall(one) ? "" : undefined}>
          <Field node={node} spec={one} />
        </div>
      ))}
      <Shown id={node.id} />
    </li>
  );
}

/** What a node made or reads, or its preview while it runs. */
function Shown({ id }: { id: string }) {
  useRun((state) => state.pictures[id]);
  const preview = useRun((state) => state.previews[id]);
  const words = useRun((state) => state.texts[id]);
  if (preview) return <img className="outline-picture" src={preview} alt="" />;
  const row = picturesOf(id);
  const [picture] = row;
  if (!picture) return words ? <pre className="outline-words">{words}</pre> : null;
  const menu = pictureMenu(picture, row, id);
  if (!isStill(picture))
    return (
      <div {...menu}>
        <Player picture={picture} className="outline-picture" />
      </div>
    );
  return (
    <button
      type="button"
      className="outline-view"
      aria-label={`${text.history.view} ${picture.filename}`}
      onClick={() => view(picture, row)}
      {...menu}
    >
      <img className="outline-picture" src={viewAddress(picture)} alt={picture.filename} />
    </button>
  );
}

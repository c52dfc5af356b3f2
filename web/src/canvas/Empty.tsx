import { commandOf } from "../command/commands";
import { Keys } from "../panel/CommandPalette";
import { useCatalogue } from "../store/catalogue";
import { useDocument } from "../store/document";
import { useKeysOf } from "../store/shortcut";
import { text } from "../text";

/** What to do with an empty canvas. */
export function Empty() {
  const ready = useCatalogue((state) => state.ready);
  const empty = useDocument((state) => Object.keys(state.history.document.nodes).length === 0);
  if (!empty) return null;
  return (
    <div className="canvas-empty">
      <p>{ready ? text.canvas.empty : text.server.starting}</p>
      {ready && (
        <>
          <small>{text.canvas.emptyHint}</small>
          <span>
            <Begin id="add" />
            <Begin id="open" label={text.canvas.templates} />
          </span>
        </>
      )}
    </div>
  );
}

function Begin({ id, label }: { id: string; label?: string }) {
  const command = commandOf(id);
  const [keys] = useKeysOf(command);
  return (
    <button type="button" className="canvas-begin" onClick={command.run}>
      {label ?? command.label}
      <Keys keys={keys} />
    </button>
  );
}

import { useStore } from "@xyflow/react";
import { commandOf } from "../command/commands";
import { text } from "../text";
import { Icon, type IconName } from "./Icon";
import { Minimap } from "./Minimap";

/** The map, and how near the graph is seen. */
export function Corner() {
  return (
    <div className="corner">
      <Minimap />
      <fieldset className="zoom" aria-label={text.canvas.zoom}>
        <Do id="zoom-out" icon="minus" />
        <Percent />
        <Do id="zoom-in" icon="plus" />
        <Do id="fit" icon="fit" />
        <Do id="minimap" icon="map" />
      </fieldset>
    </div>
  );
}

function Percent() {
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  return (
    <button
      type="button"
      className="zoom-percent"
      title={text.command.zoomOne}
      onClick={commandOf("zoom-one").run}
    >
      {percent}%
    </button>
  );
}

function Do({ id, icon }: { id: string; icon: IconName }) {
  const command = commandOf(id);
  return (
    <button
      type="button"
      className="bar-button"
      aria-label={command.label}
      title={command.label}
      onClick={command.run}
    >
      <Icon name={icon} />
    </button>
  );
}

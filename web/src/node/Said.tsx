import { useRun } from "../store/run";
import { text } from "../text";

/** The words that a node shows, to be read and copied. */
export function Said({ id, place }: { id: string; place?: { y: number; height: number } }) {
  const words = useRun((state) => state.texts[id]);
  if (!words) return null;
  return (
    <textarea
      className="node-said nodrag nowheel"
      readOnly
      spellCheck={false}
      aria-label={text.node.said}
      value={words}
      style={place ? { position: "absolute", top: place.y, height: place.height } : {}}
      rows={Math.min(8, words.split("\n").length)}
    />
  );
}

import { useState } from "react";
import { keysShown } from "../command/command";
import { commandOf } from "../command/commands";
import { useJobs } from "../store/job";
import { useKeysOf } from "../store/shortcut";
import { text } from "../text";

const MOST = 100;

/** How many times a press of Run runs. What is being typed may be no number yet. */
export function Batch() {
  const batch = useJobs((state) => state.batch);
  const [keys = ""] = useKeysOf(commandOf("batch"));
  const [draft, setDraft] = useState<string | null>(null);
  const type = (words: string) => {
    const number = Math.round(Number(words));
    setDraft(words);
    if (number >= 1) useJobs.setState({ batch: Math.min(MOST, number) });
  };
  return (
    <label
      className="run-batch"
      title={text.run.batchHint(keysShown(keys))}
      data-many={batch > 1 ? "" : undefined}
    >
      <span aria-hidden="true">×</span>
      <input
        type="number"
        min={1}
        max={MOST}
        aria-label={text.run.batch}
        value={draft ?? batch}
        onFocus={(event) => event.target.select()}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setDraft(null)}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      />
    </label>
  );
}

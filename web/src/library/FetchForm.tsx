import { useState } from "react";
import { sizeShown } from "../model/library";
import { complain } from "../server/complaint";
import type { FetchTold } from "../server/told";
import { library as say } from "../text/library";
import { fetchModel, useLibrary } from "./store";

/** Brings a model from the hub, and says how far those are that are on their way. */
export function FetchForm({ kinds }: { kinds: readonly string[] }) {
  const fetches = useLibrary((state) => state.fetches);
  const [repository, setRepository] = useState("");
  const [file, setFile] = useState("");
  const [kind, setKind] = useState("");
  const begin = () => fetchModel(repository.trim(), file.trim(), kind).catch(complain);
  return (
    <form
      className="library-fetch"
      aria-label={say.fetchTitle}
      onSubmit={(event) => {
        event.preventDefault();
        void begin();
      }}
    >
      <h3>{say.fetchTitle}</h3>
      <div>
        <input
          aria-label={say.repository}
          placeholder={say.repository}
          value={repository}
          pattern="\s*[^\/\s]+\/[^\/\s]+\s*"
          title={say.repositoryHint}
          required
          spellCheck={false}
          onChange={(event) => setRepository(event.target.value)}
        />
        <input
          aria-label={say.file}
          placeholder={say.file}
          value={file}
          spellCheck={false}
          onChange={(event) => setFile(event.target.value)}
        />
        <select aria-label={say.folder} value={kind} onChange={(event) => setKind(event.target.value)}>
          <option value="">{say.tell}</option>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {say.kind(one)}
            </option>
          ))}
        </select>
        <button type="submit" className="ask-button ask-first">
          {say.fetch}
        </button>
      </div>
      {fetches.length > 0 && (
        <ul aria-live="polite">
          {fetches.map((one) => (
            <Way key={one.id} fetch={one} />
          ))}
        </ul>
      )}
    </form>
  );
}

function Way({ fetch }: { fetch: FetchTold }) {
  const name = [fetch.repository, fetch.file].filter(Boolean).join(" · ");
  return (
    <li data-state={fetch.state}>
      <span>{name}</span>
      {fetch.state === "running" && (
        <progress aria-label={name} {...(fetch.total ? { value: fetch.done, max: fetch.total } : {})} />
      )}
      <small>{wordsOf(fetch)}</small>
    </li>
  );
}

function wordsOf({ state, done = 0, total = 0, kind = "", problem = "" }: FetchTold): string {
  if (state === "failed") return problem;
  if (state === "done") return say.done(say.kind(kind));
  return total > 0 ? say.running(sizeShown(done), sizeShown(total)) : say.starting;
}

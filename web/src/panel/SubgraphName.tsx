import { useState } from "react";
import { Ask } from "../files/Ask";
import { AskName } from "../files/AskName";
import { renameSubgraph } from "../model/focus";
import { apply, current } from "../store/document";
import { show, useView } from "../store/view";
import { text } from "../text";
import { file } from "../text/file";
import { words } from "../text/subgraph";

const close = (): void => show({ subgraph: null });

/** What a subgraph is called, wherever it stands. */
export function SubgraphName() {
  const id = useView((state) => state.subgraph);
  return id === null ? null : <Name key={id} id={id} />;
}

function Name({ id }: { id: string }) {
  const [name, setName] = useState(current().subgraphs[id]?.name ?? "");
  const keep = () => {
    close();
    apply(text.edit.rename, (document) => renameSubgraph(document, id, name.trim()));
  };
  return (
    <Ask label={words.renameAll} close={close} submit={keep}>
      <AskName label={words.name} value={name} set={setName} />
      <p>{words.renameHint}</p>
      <footer>
        <button type="button" className="ask-button" onClick={close}>
          {file.cancel}
        </button>
        <button type="submit" className="ask-button ask-first" disabled={!name.trim()}>
          {text.edit.rename}
        </button>
      </footer>
    </Ask>
  );
}

import { useState } from "react";
import { complain } from "../server/complaint";
import { allTabs, dropTab } from "../store/tab";
import { text } from "../text";
import { file as say } from "../text/file";
import { Ask } from "./Ask";
import { AskName } from "./AskName";
import { useFiles } from "./dialog";
import { saveAndClose, saveAs } from "./file";

const report = complain;

/** What is asked about files: a name, and whether changes are to be kept. */
export function Questions() {
  const naming = useFiles((state) => state.naming);
  const closing = useFiles((state) => state.closing);
  return (
    <>
      {naming && <Name key={`${naming.name} ${naming.taken}`} first={naming.name} taken={naming.taken} />}
      {closing && <Closing id={closing} />}
    </>
  );
}

function Name({ first, taken }: { first: string; taken: boolean }) {
  const [name, setName] = useState(first);
  const close = () => useFiles.setState({ naming: null });
  const same = taken && name === first;
  return (
    <Ask label={say.saveAs} close={close} submit={() => void saveAs(name, same).catch(report)}>
      <AskName label={say.name} value={name} set={setName} />
      <p role={same ? "alert" : undefined}>{same ? say.there(name) : say.nameHint}</p>
      <footer>
        <button type="button" className="ask-button" onClick={close}>
          {say.cancel}
        </button>
        <button type="submit" className="ask-button ask-first" disabled={!name.trim()}>
          {same ? say.replace : say.save}
        </button>
      </footer>
    </Ask>
  );
}

function Closing({ id }: { id: string }) {
  const tab = allTabs().find((one) => one.id === id);
  const close = () => useFiles.setState({ closing: null });
  if (!tab) return null;
  return (
    <Ask
      label={say.unsaved(tab.name || text.untitled)}
      close={close}
      submit={() => void saveAndClose(id).catch(report)}
    >
      <p>{say.unsavedHint}</p>
      <footer>
        <button type="button" className="ask-button" onClick={close}>
          {say.cancel}
        </button>
        <button
          type="button"
          className="ask-button"
          onClick={() => {
            close();
            dropTab(id);
          }}
        >
          {say.discard}
        </button>
        <button type="submit" className="ask-button ask-first">
          {say.keep}
        </button>
      </footer>
    </Ask>
  );
}

import { commandOf } from "../command/commands";
import { Icon } from "../panel/Icon";
import { isChanged, useDocument } from "../store/document";
import { goToTab, type Tab, tabChanged, useTabs } from "../store/tab";
import { text } from "../text";
import { file as say } from "../text/file";
import { closeTab } from "./file";

/** The open documents, side by side; the name of the one in front can be written. */
export function TabStrip() {
  const tabs = useTabs((state) => state.tabs);
  const active = useDocument((state) => state.tab);
  return (
    <nav className="tabs" aria-label={say.tabs}>
      {tabs.map((one) =>
        one.id === active ? (
          <Front key={one.id} alone={tabs.length === 1} />
        ) : (
          <Behind key={one.id} tab={one} />
        ),
      )}
      {tabs.length === 0 && <Front alone />}
      <button
        type="button"
        className="bar-button tab-new"
        data-wide=""
        aria-label={say.fresh}
        title={say.fresh}
        onClick={commandOf("new").run}
      >
        <Icon name="plus" />
      </button>
    </nav>
  );
}

function Front({ alone }: { alone: boolean }) {
  const tab = useDocument((state) => state.tab);
  const name = useDocument((state) => state.name);
  const changed = useDocument(isChanged);
  return (
    <span className="tab bar-title" data-front="" data-tab={tab} aria-current="page">
      <input
        aria-label={text.command.rename}
        value={name}
        placeholder={text.untitled}
        size={Math.max(8, (name || text.untitled).length)}
        spellCheck={false}
        onChange={(event) => useDocument.setState({ name: event.target.value })}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      />
      {changed && <Unsaved />}
      {!alone && <Close name={name} close={() => closeTab()} />}
    </span>
  );
}

function Behind({ tab }: { tab: Tab }) {
  const name = tab.name || text.untitled;
  return (
    <span className="tab" data-wide="">
      <button type="button" className="tab-name" title={name} onClick={() => goToTab(tab.id)}>
        {name}
      </button>
      {tabChanged(tab) && <Unsaved />}
      <Close name={name} close={() => closeTab(tab.id)} />
    </span>
  );
}

const Unsaved = () => <i className="bar-changed" role="img" aria-label={say.changed} title={say.changed} />;

function Close({ name, close }: { name: string; close: () => void }) {
  return (
    <button
      type="button"
      className="tab-close"
      aria-label={say.closeTab(name || text.untitled)}
      onClick={close}
    >
      <Icon name="close" />
    </button>
  );
}

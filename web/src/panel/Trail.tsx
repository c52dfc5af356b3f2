import { at } from "../model/focus";
import { lookInto, useDocument } from "../store/document";
import { text } from "../text";
import { words } from "../text/subgraph";

/** Inside a subgraph: the way there, each part of which leads back. */
export function Trail() {
  const document = useDocument((state) => state.history.document);
  const name = useDocument((state) => state.name);
  const { path } = document;
  if (path.length === 0) return null;
  const outer = document.home?.nodes ?? {};
  const titles = path.map((id, index) => {
    const nodes = index === 0 ? outer : (at(document, path.slice(0, index))?.drawing.nodes ?? {});
    return nodes[id]?.title || at(document, path.slice(0, index + 1))?.name || words.title;
  });
  return (
    <nav className="trail" aria-label={words.trail}>
      {[name || text.untitled, ...titles].map((title, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: places on a way have no other name
        <span key={index}>
          <button
            type="button"
            aria-current={index === path.length ? "page" : undefined}
            disabled={index === path.length}
            onClick={() => lookInto(path.slice(0, index))}
          >
            {title}
          </button>
        </span>
      ))}
    </nav>
  );
}

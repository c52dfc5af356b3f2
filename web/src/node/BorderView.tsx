import { useState } from "react";
import { removeBorder, renameBorder } from "../model/border";
import type { GraphNode } from "../model/document";
import { INPUT, OUTPUT } from "../model/focus";
import { HEADER, type Shape, SLOT } from "../model/shape";
import { Icon } from "../panel/Icon";
import { apply } from "../store/document";
import { words } from "../text/subgraph";
import { Dot } from "./Sockets";

interface Props {
  readonly node: GraphNode;
  readonly shape: Shape;
  readonly selected: boolean;
}

interface Row {
  readonly name: string;
  readonly type: string;
  readonly y: number;
}

/** The inputs or the outputs of the subgraph that one is inside of; the last socket makes a new one. */
export function BorderView({ node, shape, selected }: Props) {
  const side = node.id === INPUT ? INPUT : OUTPUT;
  const rows: Row[] =
    side === INPUT
      ? shape.outputs.map((row) => ({ ...row.spec, y: row.y }))
      : shape.sockets.map((row) => ({ name: row.spec.label ?? "", type: row.spec.type, y: row.y }));
  const title = side === INPUT ? words.inputs : words.outputs;
  return (
    <article
      className="node border"
      style={{ height: shape.height }}
      data-side={side}
      data-selected={selected ? "" : undefined}
      aria-label={title}
    >
      <header className="node-head" style={{ height: HEADER }}>
        <span className="node-title border-title">{title}</span>
      </header>
      {rows.map((row, index) => (
        <Entry key={row.y} side={side} row={row} index={index} spare={index === rows.length - 1} />
      ))}
    </article>
  );
}

interface EntryProps {
  readonly side: typeof INPUT | typeof OUTPUT;
  readonly row: Row;
  readonly index: number;
  readonly spare: boolean;
}

function Entry({ side, row, index, spare }: EntryProps) {
  const [renaming, setRenaming] = useState(false);
  const rename = (label: string) => {
    setRenaming(false);
    apply(words.rename(row.name), (document) => renameBorder(document, side, index, label.trim()));
  };
  return (
    <>
      <Dot node={side} socket={String(index)} output={side === INPUT} type={row.type} y={row.y} />
      <span
        className="border-row"
        data-side={side}
        data-spare={spare ? "" : undefined}
        style={{ top: row.y - SLOT / 2, height: SLOT }}
      >
        {renaming ? (
          <input
            className="node-rename nodrag"
            aria-label={words.rename(row.name)}
            data-draft=""
            // biome-ignore lint/a11y/noAutofocus: the person asked to write here
            autoFocus
            defaultValue={row.name}
            onFocus={(event) => event.target.select()}
            onBlur={(event) => rename(event.target.value)}
            onKeyDown={(event) => {
              if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
              if (event.key === "Enter") rename(event.currentTarget.value);
              if (event.key === "Escape") setRenaming(false);
            }}
          />
        ) : spare ? (
          <i>{words.spare}</i>
        ) : (
          <>
            <button
              type="button"
              className="border-name nodrag"
              title={words.rename(row.name)}
              onDoubleClick={() => setRenaming(true)}
              onKeyDown={(event) => event.key === "F2" && setRenaming(true)}
            >
              {row.name}
            </button>
            <button
              type="button"
              className="border-remove nodrag"
              aria-label={words.remove(row.name)}
              title={words.remove(row.name)}
              onClick={() => apply(words.remove(row.name), (document) => removeBorder(document, side, index))}
            >
              <Icon name="close" />
            </button>
          </>
        )}
      </span>
    </>
  );
}

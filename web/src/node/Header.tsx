import { type KeyboardEvent, useEffect, useRef } from "react";
import { enter } from "../command/place";
import type { GraphNode } from "../model/document";
import { setTitle, toggleFlag } from "../model/edit";
import { HEADER } from "../model/shape";
import type { Spec } from "../model/spec";
import { Icon } from "../panel/Icon";
import { apply } from "../store/document";
import { show, useView } from "../store/view";
import { text } from "../text";
import { words } from "../text/subgraph";
import { SlotMark, StateChip } from "./State";

/** The title bar: what a node is called and how it stands with its run. */
export function Header({ node, title, spec }: { node: GraphNode; title: string; spec: Spec | undefined }) {
  const renaming = useView((state) => state.renaming === node.id);
  return (
    <header className="node-head" style={{ height: HEADER }}>
      <button
        type="button"
        className="node-fold nodrag"
        aria-label={text.command.collapse}
        aria-expanded={!node.collapsed}
        tabIndex={-1}
        onClick={() => apply(text.edit.collapse, toggleFlag([node.id], "collapsed"))}
      >
        <Icon name="fold" />
      </button>
      {renaming ? (
        <TitleField node={node} title={title} />
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: F2 and the palette rename by keyboard
        <span
          className="node-title"
          title={spec?.description || undefined}
          onDoubleClick={() => show({ renaming: node.id })}
        >
          {title}
        </span>
      )}
      {spec?.inner && (
        <button
          type="button"
          className="node-enter nodrag"
          aria-label={words.enter}
          title={words.enter}
          tabIndex={-1}
          onClick={() => enter(node.id)}
        >
          <Icon name="fit" />
        </button>
      )}
      {node.pinned && <Icon name="pin" />}
      {node.mode !== "run" && <span className="node-mode">{text.node.mode[node.mode]}</span>}
      <SlotMark id={node.id} />
      <StateChip id={node.id} />
    </header>
  );
}

function TitleField({ node, title }: { node: GraphNode; title: string }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const done = (keep: boolean) => {
    const value = field.current?.value.trim() ?? "";
    show({ renaming: null });
    if (keep && value !== title) apply(text.edit.rename, setTitle(node.id, value));
  };
  const key = (event: KeyboardEvent) => {
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    if (event.key === "Enter") done(true);
    if (event.key === "Escape") done(false);
  };
  return (
    <input
      ref={field}
      className="node-rename nodrag"
      aria-label={text.edit.rename}
      data-draft=""
      defaultValue={title}
      onBlur={() => done(true)}
      onKeyDown={key}
    />
  );
}

import { type ReactNode, useState } from "react";
import type { GraphNode } from "../model/document";
import { setValue } from "../model/edit";
import { type Block, markdown, type Span } from "../model/markdown";
import { HEADER } from "../model/shape";
import { apply } from "../store/document";
import { text } from "../text";

/** A note: words for people, written on a double-click. */
export function NoteBody({ node }: { node: GraphNode }) {
  const [writing, setWriting] = useState(false);
  const words = String(node.values.text ?? "");
  if (writing) {
    return (
      <textarea
        className="note-field nodrag nowheel"
        style={{ top: HEADER }}
        aria-label={text.edit.value("text")}
        // biome-ignore lint/a11y/noAutofocus: the person asked to write here
        autoFocus
        value={words}
        onChange={(event) =>
          apply(
            text.edit.value("text"),
            setValue(node.id, "text", event.target.value),
            `value ${node.id} text`,
          )
        }
        onBlur={() => setWriting(false)}
        onKeyDown={(event) => event.key === "Escape" && setWriting(false)}
      />
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter on the node writes by keyboard
    <div className="note nowheel" style={{ top: HEADER }} data-edit="" onDoubleClick={() => setWriting(true)}>
      <Words node={node} />
    </div>
  );
}

/** What a note says. */
export function Words({ node }: { node: GraphNode }) {
  const words = String(node.values.text ?? "");
  if (words === "") return <p className="note-empty">{text.node.note}</p>;
  return node.type === "Note" ? <pre>{words}</pre> : markdown(words).map(drawBlock);
}

function drawBlock(block: Block, index: number): ReactNode {
  const key = `${index}`;
  switch (block.kind) {
    case "heading": {
      const Level = `h${Math.min(6, block.level + 1)}` as "h2";
      return <Level key={key}>{block.spans.map(drawSpan)}</Level>;
    }
    case "list": {
      const List = block.numbered ? "ol" : "ul";
      return (
        <List key={key}>
          {block.items.map((item, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other name
            <li key={at}>{item.map(drawSpan)}</li>
          ))}
        </List>
      );
    }
    case "code":
      return <pre key={key}>{block.text}</pre>;
    case "text":
      return <p key={key}>{block.spans.map(drawSpan)}</p>;
  }
}

function drawSpan(span: Span, index: number): ReactNode {
  const key = `${index}`;
  switch (span.kind) {
    case "strong":
      return <strong key={key}>{span.text}</strong>;
    case "em":
      return <em key={key}>{span.text}</em>;
    case "code":
      return <code key={key}>{span.text}</code>;
    case "link":
      return (
        <a key={key} href={span.address} target="_blank" rel="noreferrer noopener">
          {span.text}
        </a>
      );
    default:
      return span.text;
  }
}

import { type NodeProps, NodeResizeControl, ResizeControlVariant } from "@xyflow/react";
import { memo } from "react";
import { changeFrame } from "../model/frame";
import { apply, useDocument } from "../store/document";
import { show, useView } from "../store/view";
import { text } from "../text";
import { type FlowNode, frameOf } from "./flow";

let gesture = 0;

/** A frame: a coloured box with a name that carries what stands in it. */
export const FrameView = memo(function FrameView({ id, selected }: NodeProps<FlowNode>) {
  const frame = useDocument((state) => state.history.document.frames[frameOf(id)]);
  const renaming = useView((state) => state.renaming === id);
  if (!frame) return null;
  const rename = (title: string) => {
    show({ renaming: null });
    if (title !== frame.title) apply(text.edit.rename, changeFrame(frame.id, { title }));
  };
  return (
    <section
      className="frame"
      data-selected={selected ? "" : undefined}
      style={frame.color ? ({ "--frame": frame.color } as React.CSSProperties) : undefined}
      aria-label={frame.title}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: F2 renames by keyboard */}
      <header className="frame-head" onDoubleClick={() => show({ renaming: id })}>
        {renaming ? (
          <input
            className="frame-title nodrag"
            aria-label={text.edit.rename}
            data-draft=""
            // biome-ignore lint/a11y/noAutofocus: the person asked to write here
            autoFocus
            defaultValue={frame.title}
            onFocus={(event) => event.target.select()}
            onBlur={(event) => rename(event.target.value)}
            onKeyDown={(event) => {
              if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
              if (event.key === "Enter") rename(event.currentTarget.value);
              if (event.key === "Escape") show({ renaming: null });
            }}
          />
        ) : (
          <span className="frame-title">{frame.title}</span>
        )}
      </header>
      <NodeResizeControl
        className="node-corner nodrag"
        position="bottom-right"
        variant={ResizeControlVariant.Handle}
        minWidth={120}
        minHeight={80}
        onResize={(_, to) =>
          apply(
            text.edit.resize,
            changeFrame(frame.id, { x: to.x, y: to.y, width: to.width, height: to.height }),
            `!frame ${frame.id} ${gesture}`,
          )
        }
        onResizeEnd={() => {
          gesture += 1;
        }}
      />
    </section>
  );
});

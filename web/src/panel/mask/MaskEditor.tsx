import { useEffect, useMemo, useReducer, useRef, useState } from "react";
import { fill, fillRegion, markedPart, regionBetween } from "../../model/mask";
import { saveMask } from "../../run/mask";
import { complain } from "../../server/complaint";
import { useMask } from "../../store/mask";
import { text } from "../../text";
import { useAskToLeave } from "../leaving";
import { keepFocus } from "../trap";
import { Board } from "./Board";
import { press } from "./keys";
import { MaskBar } from "./MaskBar";
import { brushFor, FIRST, type Painting } from "./painting";
import { Session } from "./session";

/** Paints which part of a picture is to be changed. */
export default function MaskEditor() {
  const picture = useMask((state) => state.picture);
  return picture ? <Open /> : null;
}

function Open() {
  const dialog = useRef<HTMLDivElement>(null);
  const canvas = useMemo(() => document.createElement("canvas"), []);
  const [, changed] = useReducer((count: number) => count + 1, 0);
  const session = useMemo(() => new Session(canvas, changed), [canvas]);
  const [painting, setPainting] = useState<Painting>(FIRST);
  useAskToLeave(session.canUndo);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.focus();
    return () => before?.focus?.();
  }, []);
  const set = (change: Partial<Painting>) => setPainting((now) => ({ ...now, ...change }));
  const begin = (image: HTMLImageElement) => {
    session.begin(image);
    set({ radius: brushFor(image) });
  };
  const save = () => void saveMask(session.current).catch(complain);
  const cancel = () => dialog.current?.querySelector<HTMLElement>("button.mask-cancel")?.click();
  return (
    <div
      ref={dialog}
      className="viewer mask"
      role="dialog"
      aria-modal="true"
      aria-label={text.mask.title}
      tabIndex={-1}
      onKeyDown={(event) => {
        event.stopPropagation();
        keepFocus(event);
        if (press(event, { session, painting, set, save, cancel })) event.preventDefault();
      }}
    >
      <MaskBar session={session} painting={painting} set={set} save={save} />
      <Board
        canvas={canvas}
        painting={painting}
        begin={begin}
        keep={() => session.keep()}
        line={(from, to) => session.line(from, to, { ...painting, erase: painting.tool === "erase" })}
        pour={(at) => session.act((mask) => fill(mask, at))}
        draw={(from, to) => set({ region: regionBetween(from, to, session.current) })}
        end={(marks) => {
          const { region } = painting;
          if (painting.tool === "box" && region) session.act((mask) => fillRegion(mask, region, marks));
          else changed();
        }}
        drop={(painted, region) => {
          if (painted) session.drop();
          set({ region });
        }}
      />
      <Told session={session} painting={painting} />
    </div>
  );
}

/** How much is marked, where the box is, and which keys there are. */
function Told({ session, painting: { tool, region } }: { session: Session; painting: Painting }) {
  return (
    <footer className="viewer-probe">
      <span role="status">
        {text.mask.marked(markedPart(session.current))}
        {tool === "box" && region && ` · ${text.mask.box(region)}`}
      </span>
      <span>{tool === "box" ? text.mask.boxKeys : text.mask.keys}</span>
    </footer>
  );
}

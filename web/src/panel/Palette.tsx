import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";

interface Props<T> {
  readonly label: string;
  readonly placeholder: string;
  readonly nothing: string;
  /** Words above the list: what it is limited to. */
  readonly note?: ReactNode;
  readonly find: (query: string) => readonly T[];
  readonly keyOf: (entry: T) => string;
  readonly row: (entry: T) => ReactNode;
  /** Whether an entry cannot be chosen now. */
  readonly off?: (entry: T) => boolean;
  readonly aside?: ((entry: T) => ReactNode) | undefined;
  readonly choose: (entry: T) => void;
  readonly close: () => void;
  readonly place?: { x: number; y: number } | undefined;
}

const MOST = 160;
const WIDTH = 560;
const NARROW = 420;
const HEIGHT = 440;

/** How many times larger than usual a person's letters are. */
export const letters = (): number =>
  Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

/** A field and a list of what answers to it. */
export function Palette<T>({
  label,
  placeholder,
  nothing,
  note,
  find,
  keyOf,
  row,
  off,
  aside,
  choose,
  close,
  place,
}: Props<T>) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null);
  const found = find(query).slice(0, MOST);
  const active = found[Math.min(at, found.length - 1)];
  useEffect(() => {
    before.current = document.activeElement;
    return () => (before.current as HTMLElement | null)?.focus?.({ preventScroll: true });
  }, []);
  useEffect(() => {
    list.current?.querySelector(`[data-at="${at}"]`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (by) setAt((now) => Math.min(found.length - 1, Math.max(0, now + by)));
    else if (event.key === "Enter" && active !== undefined) choose(active);
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
  };
  const width = Math.min((aside ? WIDTH : NARROW) * letters(), innerWidth - 16);
  const style = place
    ? {
        width,
        left: Math.max(8, Math.min(place.x - 24, innerWidth - width - 8)),
        top: Math.max(8, Math.min(place.y - 20, innerHeight - HEIGHT * letters() - 8)),
      }
    : { width, left: (innerWidth - width) / 2, top: Math.min(96, innerHeight * 0.12) };
  return (
    <div className="veil" onPointerDown={(event) => event.target === event.currentTarget && close()}>
      <div className="palette" role="dialog" aria-label={label} style={style} onKeyDown={key}>
        <input
          className="palette-field"
          // biome-ignore lint/a11y/noAutofocus: typing is what this was opened for
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={active === undefined ? undefined : `palette-${keyOf(active)}`}
          aria-label={placeholder}
          placeholder={placeholder}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
        />
        {note && <div className="palette-note">{note}</div>}
        <div className="palette-body">
          <div ref={list} id="palette-list" className="palette-list" role="listbox" aria-label={label}>
            {found.map((entry, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
              <div
                key={keyOf(entry)}
                id={`palette-${keyOf(entry)}`}
                data-at={index}
                role="option"
                tabIndex={-1}
                aria-selected={entry === active}
                aria-disabled={off?.(entry) ? true : undefined}
                className="palette-row"
                onPointerMove={() => setAt(index)}
                onClick={() => choose(entry)}
              >
                {row(entry)}
              </div>
            ))}
            {found.length === 0 && <p className="palette-none">{nothing}</p>}
          </div>
          {aside && active !== undefined && <div className="palette-aside">{aside(active)}</div>}
        </div>
      </div>
    </div>
  );
}

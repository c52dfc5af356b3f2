import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { createPortal } from "react-dom";
import { search } from "../model/search";
import type { Value } from "../model/value";
import { text } from "../text";

interface Props {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly label: string;
  readonly options: readonly Value[];
  readonly value: Value;
  readonly name: (option: Value) => string;
  readonly picture?: ((option: Value) => string) | undefined;
  readonly choose: (option: Value) => void;
  readonly close: () => void;
}

/** A small picture; an empty place where there is none. */
function Thumbnail({ address }: { address: string }) {
  const [broken, setBroken] = useState(address === "");
  if (broken) return <i className="picker-blank" />;
  return <img src={address} alt="" loading="lazy" onError={() => setBroken(true)} />;
}

/** A list to choose from, below the field that it belongs to. */
export function Picker({ anchor, label, options, value, name, picture, choose, close }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const found = useMemo(
    () => (query === "" ? options : search(query, options, (one) => ({ name: name(one) }))),
    [query, options, name],
  );
  const [at, setAt] = useState(() => Math.max(0, options.indexOf(value as never)));
  const place = usePlace(anchor, panel);
  useEffect(() => {
    const outside = (event: Event) => {
      if (!panel.current?.contains(event.target as Node) && !anchor.current?.contains(event.target as Node))
        close();
    };
    addEventListener("pointerdown", outside, true);
    addEventListener("wheel", outside, { capture: true, passive: true });
    return () => {
      removeEventListener("pointerdown", outside, true);
      removeEventListener("wheel", outside, true);
    };
  }, [anchor, close]);
  useEffect(() => {
    panel.current?.querySelector(`[data-at="${at}"]`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const key = (event: KeyboardEvent) => {
    event.stopPropagation();
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (by) setAt((now) => Math.min(found.length - 1, Math.max(0, now + by)));
    else if (event.key === "Enter" && found[at] !== undefined) choose(found[at]);
    else if (event.key === "Escape" || event.key === "Tab") {
      close();
      anchor.current?.focus();
    } else return;
    event.preventDefault();
  };
  return createPortal(
    <div ref={panel} className="picker" style={place} onKeyDown={key} role="dialog" aria-label={label}>
      <input
        className="picker-filter"
        // biome-ignore lint/a11y/noAutofocus: typing filters the list that was just opened
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="picker"
        aria-activedescendant={found.length > 0 ? `picker-${at}` : undefined}
        aria-label={`${label}: ${text.widget.filter}`}
        placeholder={text.widget.filter}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
      />
      <div
        id="picker"
        role="listbox"
        aria-label={label}
        className="picker-list"
        data-pictures={picture ? "" : undefined}
      >
        {found.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
          <div
            key={name(option)}
            id={`picker-${index}`}
            data-at={index}
            role="option"
            tabIndex={-1}
            aria-selected={option === value}
            className="picker-option"
            data-active={index === at ? "" : undefined}
            onPointerMove={() => setAt(index)}
            onClick={() => choose(option)}
          >
            {picture && <Thumbnail address={picture(option)} />}
            <span>{name(option)}</span>
          </div>
        ))}
        {found.length === 0 && (
          <p className="picker-none">{options.length === 0 ? text.widget.empty : text.widget.nothing}</p>
        )}
      </div>
    </div>,
    document.body,
  );
}

/** Below the anchor, or above it where there is more room; never outside the window. */
function usePlace(anchor: RefObject<HTMLElement | null>, panel: RefObject<HTMLElement | null>) {
  const [place, setPlace] = useState<React.CSSProperties>({ opacity: 0 });
  useLayoutEffect(() => {
    const at = anchor.current?.getBoundingClientRect();
    const size = panel.current?.getBoundingClientRect();
    if (!at || !size) return;
    const width = Math.max(at.width, 220);
    const below = innerHeight - at.bottom - 12;
    const up = below < Math.min(size.height, 240) && at.top > below;
    setPlace({
      opacity: 1,
      width,
      left: Math.max(8, Math.min(at.left, innerWidth - width - 8)),
      maxHeight: Math.min(380, up ? at.top - 12 : below),
      ...(up ? { bottom: innerHeight - at.top + 4 } : { top: at.bottom + 4 }),
    });
  }, [anchor, panel]);
  return place;
}

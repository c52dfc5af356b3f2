import { type ReactNode, useEffect, useRef } from "react";
import { text } from "../text";
import { Icon } from "./Icon";

interface Props {
  readonly title: string;
  readonly hint: string;
  readonly query: string;
  readonly setQuery: (query: string) => void;
  readonly close: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A sheet over everything with a list that is searched: a title, the field for words, and what was found. */
export function SearchSheet({ title, hint, query, setQuery, close, className = "", children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className={`library ${className}`.trim()}
      aria-label={title}
      onClose={close}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <header>
        <h2>{title}</h2>
        <input
          type="search"
          autoFocus
          aria-label={hint}
          placeholder={hint}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <button type="button" className="bar-button" aria-label={text.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}

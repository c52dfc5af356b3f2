import { type ReactNode, useEffect, useRef } from "react";

interface Props {
  readonly label: string;
  readonly close: () => void;
  readonly submit: () => void;
  readonly children: ReactNode;
}

/** A question that is answered before anything else. */
export function Ask({ label, close, submit, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="ask"
      aria-label={label}
      onClose={close}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <h2>{label}</h2>
        {children}
      </form>
    </dialog>
  );
}

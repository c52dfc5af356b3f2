import { useState } from "react";
import { text } from "../text";

interface Props {
  readonly label: string;
  readonly question: string;
  readonly act: () => void;
  readonly className?: string;
}

/** A button for what cannot be taken back: it asks first, where it stands. */
export function Sure({ label, question, act, className }: Props) {
  const [asking, setAsking] = useState(false);
  if (!asking)
    return (
      <button type="button" className={className} onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  const answer = (yes: boolean) => {
    setAsking(false);
    if (yes) act();
  };
  return (
    <span className={`sure ${className ?? ""}`} role="alertdialog" aria-label={question}>
      <span>{question}</span>
      <button type="button" onClick={() => answer(true)}>
        {text.sure.yes}
      </button>
      <button type="button" onClick={() => answer(false)}>
        {text.sure.no}
      </button>
    </span>
  );
}

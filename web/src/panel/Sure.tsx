import { useState } from "react";
import { text } from "../text";
import { Icon, type IconName } from "./Icon";

interface Props {
  readonly label: string;
  readonly question: string;
  readonly act: () => void;
  readonly className?: string;
  /** What is shown in place of the label. */
  readonly icon?: IconName;
}

/** A button for what cannot be taken back: it asks first, where it stands. */
export function Sure({ label, question, act, className, icon }: Props) {
  const [asking, setAsking] = useState(false);
  if (!asking)
    return (
      <button
        type="button"
        className={className}
        aria-label={label}
        title={icon && label}
        onClick={() => setAsking(true)}
      >
        {icon ? <Icon name={icon} /> : label}
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

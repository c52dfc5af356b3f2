interface Props {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
}

/** The field of a question for a name: chosen whole, to be typed over at once. */
export function AskName({ label, value, set }: Props) {
  return (
    <label className="ask-field">
      <span>{label}</span>
      <input
        value={value}
        // biome-ignore lint/a11y/noAutofocus: the name is what is asked for
        autoFocus
        spellCheck={false}
        maxLength={200}
        onFocus={(event) => event.target.select()}
        onChange={(event) => set(event.target.value)}
      />
    </label>
  );
}

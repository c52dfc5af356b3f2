const PATHS = {
  fold: "M4 6l4 4 4-4",
  sink: "M8 3v9.500M4.500 9L8 12.500 11.500 9",
  up: "M8 13V3.500M4.500 7L8 3.500 11.500 7",
  check: "M3 8.500l3.500 3.500L13 4.500",
  pencil: "M3 13l.700-3L10.500 3.200l2.300 2.300L6 12.300zM9 4.700l2.300 2.300",
  pin: "M6 2h4l-.6 4 2.1 2.5H4.500L6.600 6zM8 8.500V14",
  play: "M4.500 2.500l8.500 5.500-8.500 5.500z",
  stop: "M4 4h8v8H4z",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  search: "M7 2.500a4.500 4.500 0 100 9 4.500 4.500 0 000-9zM10.300 10.300L14 14",
  undo: "M5.500 3L2.500 6l3 3M2.500 6H9a4 4 0 010 8H6",
  redo: "M10.500 3l3 3-3 3M13.500 6H7a4 4 0 000 8h3",
  picture: "M2.500 3.500h11v9h-11zM2.500 10.500l3-3 3 3 2-2 3 3M10.500 6h.01",
  list: "M3 4.500h10M3 8h10M3 11.500h6",
  outline: "M2.500 4h.01M2.500 8h.01M2.500 12h.01M5.500 4h8M5.500 8h8M5.500 12h8",
  clock: "M8 2a6 6 0 100 12A6 6 0 008 2zM8 4.500V8l2.500 1.500",
  sun: "M8 5a3 3 0 100 6 3 3 0 000-6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  moon: "M13 9.500A5.500 5.500 0 016.500 3 5.500 5.500 0 1013 9.500z",
  down: "M4.500 6.500L8 10l3.500-3.500",
  dice: "M3 3h10v10H3zM5.800 5.800h.01M10.200 5.800h.01M8 8h.01M5.800 10.200h.01M10.200 10.200h.01",
  again: "M13 8a5 5 0 11-1.700-3.750M13 2.500V5h-2.500",
  folder: "M2 4h4l1.500 1.500H14v7H2z",
  save: "M8 2.500v7M5 7l3 3 3-3M3 12.500h10",
  upload: "M8 10.500v-7M5 6l3-3 3 3M3 12.500h10",
  fit: "M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10",
  map: "M2.500 3.500h11v9h-11zM8.500 7.500h4v4h-4z",
  "align-left": "M2.500 2v12M5 4.500h8.500M5 8.500h5",
  "align-right": "M13.500 2v12M11 4.500H2.500M11 8.500H6",
  "align-top": "M2 2.500h12M4.500 5v8.500M8.500 5v5",
  "align-bottom": "M2 13.500h12M4.500 11V2.500M8.500 11V6",
  "spread-across": "M2.500 2v12M13.500 2v12M6.500 5h3v6h-3z",
  "spread-down": "M2 2.500h12M2 13.500h12M5 6.500v3h6v-3z",
  command: "M4 12l3.500-4L4 4M8.500 12h4",
  menu: "M8 3.500h.01M8 8h.01M8 12.500h.01",
  brush:
    "M13.500 2.500L7.500 8.500M7.500 8.500a2.500 2.500 0 00-3.500.500c-.8 1-.5 2.500-2 3.500 2.500 1 5.500.500 6.300-1.500.4-1-.1-1.800-.8-2.500z",
  form: "M3 2.500h10v11H3zM5.500 5.500h5M5.500 8h5M5.500 10.500h3",
  pair: "M2.500 3.500h4.500v9H2.500zM9 3.500h4.500v9H9z",
  bin: "M3 4.500h10M6 4.500V2.500h4v2M4.500 4.500l.500 9h6l.500-9",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
} as const;

export type IconName = keyof typeof PATHS;

/** A picture for a button; the button says in words what it does. */
export function Icon({ name }: { name: IconName }) {
  const full = name === "play" || name === "stop";
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" fill={full ? "currentColor" : "none"}>
      <path d={PATHS[name]} />
    </svg>
  );
}

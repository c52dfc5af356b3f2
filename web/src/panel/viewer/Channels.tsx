import { type Channel, useViewer } from "../../store/viewer";
import { text } from "../../text";

export const CHANNELS: readonly Channel[] = ["all", "red", "green", "blue", "alpha", "mask"];

/** Which of a picture's channels are shown. */
export function Channels() {
  const channel = useViewer((state) => state.channel);
  return (
    <fieldset className="bar-group viewer-channels" aria-label={text.viewer.channels}>
      {CHANNELS.map((one) => (
        <button
          key={one}
          type="button"
          className="viewer-action"
          title={`${text.viewer.channel[one]} (${text.viewer.key[one].toUpperCase()})`}
          aria-label={text.viewer.channel[one]}
          aria-pressed={channel === one}
          onClick={() => useViewer.setState({ channel: one })}
        >
          {text.viewer.letter[one]}
        </button>
      ))}
    </fieldset>
  );
}

const row = (at: number): string => [0, 1, 2, 3].map((one) => (one === at ? 1 : 0)).join(" ");
const alone = (at: number): string => `${`${row(at)} 0 `.repeat(3)}0 0 0 0 1`;

const MATRIX: Record<Exclude<Channel, "all">, string> = {
  red: alone(0),
  green: alone(1),
  blue: alone(2),
  alpha: alone(3),
  // What the alpha channel leaves out turns red, as a mask is shown; the colours below it stay faintly.
  mask: "1 0 0 -.75 .75  0 1 0 .15 -.15  0 0 1 .15 -.15  0 0 0 0 1",
};

/** How each channel is made of a picture. */
export function Filters() {
  return (
    <svg width="0" height="0" aria-hidden="true" style={{ position: "absolute" }}>
      {Object.entries(MATRIX).map(([name, matrix]) => (
        // Without its bounds a filter goes beyond the picture, where nothing counts as masked.
        <filter
          key={name}
          id={`channel-${name}`}
          x="0"
          y="0"
          width="1"
          height="1"
          colorInterpolationFilters="sRGB"
        >
          <feColorMatrix values={matrix} />
        </filter>
      ))}
    </svg>
  );
}

export const filterOf = (channel: Channel): string | undefined =>
  channel === "all" ? undefined : `url(#channel-${channel})`;

import { useGallery } from "../store/gallery";
import { compareWith, view } from "../store/viewer";
import { text } from "../text";

/** In what two runs differ, in words. */
export function RunPair() {
  const { pair, differences } = useGallery();
  const [one, other] = pair;
  if (!one) return null;
  if (!other) return <p className="drawer-none">{text.history.one}</p>;
  const pictures = [...one.pictures, ...other.pictures];
  const [first, second] = [one.pictures[0], other.pictures[0]];
  return (
    <section className="gallery-pair" aria-live="polite">
      {differences && (
        <h3>{differences.length === 0 ? text.history.same : text.history.differ(differences.length)}</h3>
      )}
      <dl>
        {differences?.map((one) => (
          <div key={`${one.node} ${one.input}`}>
            <dt>{[one.title, one.input].filter(Boolean).join(" · ")}</dt>
            <dd>
              <del>{one.before ?? text.history.absent}</del> → <ins>{one.after ?? text.history.absent}</ins>
            </dd>
          </div>
        ))}
      </dl>
      {first && second && (
        <button
          type="button"
          className="drawer-action"
          onClick={() => {
            view(first, pictures);
            compareWith(second);
          }}
        >
          {text.history.pictures}
        </button>
      )}
    </section>
  );
}

import type { Facts, TensorFacts } from "../store/glance";
import { glance as say } from "../text/glance";

/** What went through a wire: its picture, its words, its numbers; or why nothing is known of it. */
export function Value({ facts }: { facts: Facts | "asking" | "unrun" }) {
  if (facts === "asking") return <p>{say.asking}</p>;
  if (facts === "unrun") return <p>{say.unrun}</p>;
  return facts.kept ? <Shown facts={facts} /> : <p>{say.gone}</p>;
}

function Shown({ facts }: { facts: Facts }) {
  const { picture, text, tensors, more, items } = facts;
  return (
    <div className="wire-value">
      {picture && <img src={picture} alt={say.picture} />}
      <div>
        {items !== null && <p>{say.items(items)}</p>}
        {text && <p className="wire-text">{text}</p>}
        {tensors.map((one) => (
          <Tensor key={one.name} facts={one} />
        ))}
        {more > 0 && <p>{say.more(more)}</p>}
      </div>
    </div>
  );
}

function Tensor({ facts: { name, shape, dtype, min, max, mean } }: { facts: TensorFacts }) {
  return (
    <dl>
      {name && <dt className="wire-name">{name}</dt>}
      <div>
        <dt>{say.shape}</dt>
        <dd>{shape.join(" × ") || say.one}</dd>
      </div>
      <div>
        <dt>{say.dtype}</dt>
        <dd>{dtype}</dd>
      </div>
      {min !== undefined && max !== undefined && (
        <div>
          <dt>{say.range}</dt>
          <dd>
            {say.number(min)} – {say.number(max)}
          </dd>
        </div>
      )}
      {mean !== undefined && (
        <div>
          <dt>{say.mean}</dt>
          <dd>{say.number(mean)}</dd>
        </div>
      )}
    </dl>
  );
}

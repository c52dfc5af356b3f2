import { useState } from "react";
import { middle } from "../canvas/camera";
import { loaderOf, type ModelFile, sizeShown, use } from "../model/library";
import { search } from "../model/search";
import { SearchSheet } from "../panel/SearchSheet";
import { api } from "../server/client";
import { specs } from "../store/catalogue";
import { apply } from "../store/document";
import { chosen } from "../store/selection";
import { library as say } from "../text/library";
import { FetchForm } from "./FetchForm";
import { closeLibrary, useLibrary } from "./store";

/** The models that there are: search, kinds, pictures; a press uses one in the graph. */
export function ModelBrowser() {
  const open = useLibrary((state) => state.open);
  return open ? <Shown /> : null;
}

function Shown() {
  const models = useLibrary((state) => state.models);
  const [query, setQuery] = useState("");
  const [kind, setKind] = useState("");
  const kinds = [...new Set(models.map((one) => one.kind))];
  const wanted = models.filter((one) => kind === "" || one.kind === kind);
  const found =
    query.trim() === ""
      ? wanted
      : search(query, wanted, (one) => ({
          name: one.title || one.name,
          others: [one.name, one.family, ...one.triggers],
          place: one.kind,
        }));
  return (
    <SearchSheet title={say.title} hint={say.search} query={query} setQuery={setQuery} close={closeLibrary}>
      <div className="library-kinds">
        {["", ...kinds].map((one) => (
          <button
            key={one}
            type="button"
            className="chip"
            aria-pressed={one === kind}
            onClick={() => setKind(one)}
          >
            {one === "" ? say.all : say.kind(one)}
          </button>
        ))}
      </div>
      <ul className="library-models">
        {found.map((one) => (
          <Card key={`${one.kind}/${one.name}`} model={one} />
        ))}
        {found.length === 0 && <li className="drawer-none">{say.nothing}</li>}
      </ul>
      <FetchForm kinds={kinds} />
    </SearchSheet>
  );
}

function Card({ model }: { model: ModelFile }) {
  const loadable = loaderOf(model, specs()) !== undefined;
  const name = model.title || model.name;
  const facts = [say.kind(model.kind), model.family, model.variant, model.precision, sizeShown(model.size)];
  const why = model.problem || (loadable ? undefined : say.unusable);
  return (
    <li>
      <button
        type="button"
        className="library-model"
        disabled={!loadable}
        title={why ?? model.name}
        aria-label={say.use(name)}
        onClick={() => {
          apply(say.used(name), use(model, chosen()[0], middle().place, specs()));
          closeLibrary();
        }}
      >
        {model.picture ? (
          <img src={api(model.picture)} alt="" loading="lazy" />
        ) : (
          <i className="library-blank" aria-hidden="true">
            {name.charAt(0)}
          </i>
        )}
        <b>{name}</b>
        <small>{facts.filter(Boolean).join(" · ")}</small>
        {model.problem && <small className="library-problem">{model.problem}</small>}
      </button>
    </li>
  );
}

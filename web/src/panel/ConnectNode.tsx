import { typeColor } from "../canvas/color";
import { addNode } from "../command/add";
import { nodeTitle } from "../command/title";
import { suits } from "../model/addition";
import { type Link, linkInto } from "../model/document";
import type { Point } from "../model/edit";
import { usual } from "../model/everyday";
import { type Hanging, land } from "../model/hang";
import { hangingAt, type Offer, partners, socketsOf } from "../model/partner";
import { search } from "../model/search";
import { shapeOf } from "../model/shape";
import type { Spec } from "../model/spec";
import { cut } from "../model/wire";
import { specs, useCatalogue } from "../store/catalogue";
import { apply, current } from "../store/document";
import { tell } from "../store/notice";
import { used } from "../store/recent";
import { show, useView } from "../store/view";
import { text } from "../text";
import { connection as say } from "../text/connection";
import { entryOf } from "./AddNode";
import { Palette } from "./Palette";

type Entry =
  | { readonly kind: "socket"; readonly offer: Offer }
  | { readonly kind: "cut"; readonly link: Link }
  | { readonly kind: "new"; readonly spec: Spec };

const APART = 80;
const close = (): void => show({ connecting: null });

/** Connecting without a pointer: first a socket of the chosen node, then what it goes to. */
export function ConnectNode() {
  const connecting = useView((state) => state.connecting);
  if (!connecting) return null;
  const { node, wire } = connecting;
  return wire ? <Partners key="partners" wire={wire} /> : <Sockets key="sockets" node={node} />;
}

function Sockets({ node }: { node: string }) {
  const offers = socketsOf(current(), node, specs());
  return (
    <Palette<Offer>
      label={say.socket(nodeTitle(node))}
      placeholder={say.which}
      nothing={say.nothing}
      note={say.socket(nodeTitle(node))}
      find={(query) =>
        query === "" ? offers : search(query, offers, (one) => ({ name: one.name, others: [one.type] }))
      }
      keyOf={(one) => `${one.output ? "out" : "in"}-${one.socket}`}
      row={(one) => <SocketRow offer={one} />}
      choose={(one) => show({ connecting: { node, wire: hangingAt(one) } })}
      close={close}
    />
  );
}

function SocketRow({ offer }: { offer: Offer }) {
  const to = offer.link ? say.from(nodeTitle(offer.link.from)) : offer.output ? say.wires(offer.wires) : "";
  return (
    <>
      <i className="type-dot" style={{ background: typeColor(offer.type) }} />
      <span className="palette-name">{offer.name}</span>
      <span className="palette-place">
        {[offer.output ? say.gives : say.takes, to].filter(Boolean).join(" · ")}
      </span>
    </>
  );
}

function Partners({ wire }: { wire: Hanging }) {
  const all = useCatalogue((state) => state.specs);
  const offers = partners(current(), wire, all).map((offer): Entry => ({ kind: "socket", offer }));
  const old = wire.output ? undefined : linkInto(current(), wire.node, wire.socket);
  const there: Entry[] = [...offers, ...(old ? [{ kind: "cut", link: old } as const] : [])];
  const fitting = Object.values(all).filter((spec) => !spec.deprecated && suits(spec, wire));
  const fresh = usual(fitting, wire, used).map((spec): Entry => ({ kind: "new", spec }));
  const title = wire.output
    ? say.to(nodeTitle(wire.node), wire.type)
    : say.into(nodeTitle(wire.node), wire.socket);
  return (
    <Palette<Entry>
      label={title}
      placeholder={wire.output ? say.where : say.whence}
      nothing={say.nothing}
      note={
        <>
          <i className="type-dot" style={{ background: typeColor(wire.type) }} />
          {title}
        </>
      }
      find={(query) =>
        query === ""
          ? [...there, ...fresh]
          : search(query, [...there, ...fresh], searched, (one) => bonus(one))
      }
      keyOf={keyOf}
      row={(one) => <PartnerRow entry={one} />}
      choose={(one) => {
        close();
        settle(wire, one);
      }}
      close={close}
    />
  );
}

/** What is there already comes before what would have to be added. */
const bonus = (entry: Entry): number => (entry.kind === "new" ? Math.min(60, used(entry.spec.id) * 6) : 500);

function searched(entry: Entry) {
  switch (entry.kind) {
    case "new":
      return { ...entryOf(entry.spec), others: [say.fresh(entry.spec.title), ...entryOf(entry.spec).others] };
    case "cut":
      return { name: text.edit.cut };
    case "socket":
      return {
        name: `${nodeTitle(entry.offer.node)} ${entry.offer.name}`,
        others: [entry.offer.name, `#${entry.offer.node}`],
      };
  }
}

function keyOf(entry: Entry): string {
  switch (entry.kind) {
    case "new":
      return `new-${entry.spec.id}`;
    case "cut":
      return "cut";
    case "socket":
      return `${entry.offer.node}-${entry.offer.output ? "out" : "in"}-${entry.offer.socket}`;
  }
}

function PartnerRow({ entry }: { entry: Entry }) {
  switch (entry.kind) {
    case "cut":
      return (
        <>
          <span className="palette-name">{text.edit.cut}</span>
          <span className="palette-place">{say.from(nodeTitle(entry.link.from))}</span>
        </>
      );
    case "new":
      return (
        <>
          <span className="palette-name">{say.fresh(entry.spec.title)}</span>
          <span className="palette-place">{entry.spec.category}</span>
        </>
      );
    case "socket": {
      const { offer } = entry;
      return (
        <>
          <span className="palette-name">
            {nodeTitle(offer.node)} · {offer.name}
          </span>
          <span className="palette-place">
            {[offer.link ? say.from(nodeTitle(offer.link.from)) : "", `#${offer.node}`]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </>
      );
    }
  }
}

function settle(wire: Hanging, entry: Entry): void {
  if (entry.kind === "cut") apply(text.edit.cut, cut([entry.link.id]));
  else if (entry.kind === "new") addNode(entry.spec, besideOf(wire), wire, true);
  else {
    const landing = land(current(), wire, entry.offer, specs());
    if (typeof landing !== "function") return;
    apply(text.edit.connect, landing);
    tell(say.done(nodeTitle(wire.node), nodeTitle(entry.offer.node)));
  }
}

/** Right of a node whose output is wired on, left of one whose input is fed. */
function besideOf(wire: Hanging): Point {
  const node = current().nodes[wire.node];
  if (!node) return { x: 0, y: 0 };
  const shape = shapeOf(node, specs()[node.type]);
  return { x: wire.output ? node.x + shape.width + APART : node.x - APART, y: node.y };
}

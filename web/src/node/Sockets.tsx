import { Handle, Position } from "@xyflow/react";
import { memo } from "react";
import { typeColor } from "../canvas/color";
import { linkInto, linksFrom } from "../model/document";
import { handleOf, land } from "../model/hang";
import { SLOT } from "../model/shape";
import { specs } from "../store/catalogue";
import { current, useDocument } from "../store/document";
import { useRun } from "../store/run";
import { useWire } from "../store/wire";
import { refused } from "../text/refused";

interface DotProps {
  readonly node: string;
  readonly socket: string;
  readonly output: boolean;
  readonly type: string;
  readonly y: number;
  readonly list?: boolean;
  readonly quiet?: boolean;
}

/** The dot where a wire begins or ends. While a wire is drawn it is lit where the wire may end, and says why where not. */
export const Dot = memo(function Dot({ node, socket, output, type, y, list, quiet }: DotProps) {
  const verdict = useWire((state) => {
    if (!state.wire) return "";
    const landing = land(current(), state.wire, { node, output, socket }, specs());
    if (typeof landing === "function") return "yes";
    return landing ? refused(landing) : "no";
  });
  const lacking = useRun((state) => !output && state.nodes[node]?.failure?.input === socket);
  const wired = useDocument(({ history: { document } }) =>
    output
      ? linksFrom(document, node).some((link) => link.slot === Number(socket))
      : linkInto(document, node, socket) !== undefined,
  );
  return (
    <Handle
      id={handleOf({ output, socket })}
      type={output ? "source" : "target"}
      position={output ? Position.Right : Position.Left}
      className="dot"
      style={{ top: y, "--dot": typeColor(type) } as React.CSSProperties}
      data-verdict={verdict === "" ? undefined : verdict === "yes" ? "yes" : "no"}
      data-wired={wired ? "" : undefined}
      data-lacking={lacking ? "" : undefined}
      data-list={list ? "" : undefined}
      data-quiet={quiet ? "" : undefined}
      title={verdict !== "" && verdict !== "yes" && verdict !== "no" ? verdict : type.split(",").join(", ")}
    />
  );
});

interface LabelProps {
  readonly y: number;
  readonly name: string;
  readonly tip: string;
  readonly type: string;
  readonly output?: boolean;
  readonly optional?: boolean;
}

export const SocketLabel = memo(function SocketLabel({ y, name, tip, type, output, optional }: LabelProps) {
  return (
    <span
      className="socket-label"
      data-output={output ? "" : undefined}
      data-optional={optional ? "" : undefined}
      style={{ top: y - SLOT / 2, height: SLOT }}
      title={tip || type}
    >
      {name}
    </span>
  );
});

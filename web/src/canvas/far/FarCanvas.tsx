import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { boundsOf } from "../../model/box";
import { specs, useCatalogue } from "../../store/catalogue";
import { current, useDocument } from "../../store/document";
import { useRun } from "../../store/run";
import { useSelection } from "../../store/selection";
import { useView } from "../../store/view";
import { Album } from "./album";
import { paint } from "./paint";
import { type Look, Sheet } from "./sheet";

/** The graph from far away: one drawing instead of thousands of elements. */
export function FarCanvas() {
  const element = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  useEffect(() => {
    const canvas = element.current;
    if (!canvas) return;
    let wanted = 0;
    const look = (): [Look, number, number] => {
      const { transform, width, height } = flow.getState();
      return [{ x: transform[0], y: transform[1], zoom: transform[2] }, width, height];
    };
    const far = () => useView.getState().far;
    const redraw = () => {
      if (!far()) return;
      wanted ||= requestAnimationFrame(() => {
        wanted = 0;
        canvas.hidden = !far();
        if (far()) sheet.redraw(...look());
      });
    };
    const album = new Album(redraw);
    const draw = (pen: CanvasRenderingContext2D, view: Parameters<typeof paint>[2], zoom: number) =>
      paint(
        pen,
        {
          document: current(),
          catalogue: specs(),
          chosen: useSelection.getState().nodes,
          runs: useRun.getState().nodes,
          theme: useView.getState().theme,
          picture: album.of,
        },
        view,
        zoom,
      );
    const sheet = new Sheet(canvas, draw, () => extent());
    redraw();
    const stops = [
      flow.subscribe((state, before) => {
        if (!far()) return;
        if (state.transform !== before.transform) sheet.follow(...look());
        else if (state.width !== before.width || state.height !== before.height) redraw();
      }),
      useDocument.subscribe(redraw),
      useSelection.subscribe(redraw),
      useRun.subscribe(redraw),
      useCatalogue.subscribe(redraw),
      useView.subscribe((state, before) => {
        if (state.far !== before.far && !state.far) canvas.hidden = true;
        else if (state.far !== before.far || state.theme !== before.theme) redraw();
      }),
    ];
    return () => {
      cancelAnimationFrame(wanted);
      sheet.stop();
      album.close();
      for (const stop of stops) stop();
    };
  }, [flow]);
  return <canvas ref={element} className="far" hidden />;
}

let measured: { document: unknown; box: ReturnType<typeof boundsOf> } | null = null;

/** The box of the whole graph, frames included; found once for each document. */
export function extent(): ReturnType<typeof boundsOf> {
  const document = current();
  if (measured?.document === document) return measured.box;
  const nodes = boundsOf(document, Object.keys(document.nodes), specs());
  const boxes = [...(nodes ? [nodes] : []), ...Object.values(document.frames)];
  const left = Math.min(...boxes.map((one) => one.x));
  const top = Math.min(...boxes.map((one) => one.y));
  const box =
    boxes.length === 0
      ? null
      : {
          x: left,
          y: top,
          width: Math.max(...boxes.map((one) => one.x + one.width)) - left,
          height: Math.max(...boxes.map((one) => one.y + one.height)) - top,
        };
  measured = { document, box };
  return box;
}

import { useEffect, useRef, useState } from "react";
import { pictureOf } from "../model/picture";
import type { Desk } from "../model/spec";
import { Icon } from "../panel/Icon";
import { camera, NoCamera, openCamera, shoot } from "../run/camera";
import { viewAddress } from "../server/client";
import { complain } from "../server/complaint";
import { useNode } from "../store/document";
import { desk } from "../text/desk";
import type { FieldProps } from "../widget/WidgetRow";

const say = desk.camera;

/** What the camera shows, and the picture that was taken last. */
export function CameraField({ node, label, value, set }: FieldProps<{ kind: Desk }>) {
  const video = useRef<HTMLVideoElement>(null);
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [problem, setProblem] = useState("");
  const held = useNode(node);
  const width = Number(held?.values.width ?? 0) || 0;
  const height = Number(held?.values.height ?? 0) || 0;
  useEffect(() => {
    const screen = video.current;
    if (!stream || !screen) return;
    screen.srcObject = stream;
    camera(node, () => shoot(screen, width, height));
    return () => camera(node, null);
  }, [stream, node, width, height]);
  useEffect(() => () => stop(stream), [stream]);
  const start = async () => {
    try {
      setStream(await openCamera(width, height));
      setProblem("");
    } catch (found) {
      if (!(found instanceof NoCamera)) throw found;
      setProblem(found.message);
    }
  };
  const take = async () => {
    if (!video.current) return;
    try {
      set(await shoot(video.current, width, height), `camera ${node} ${Date.now()}`);
      setStream(null);
    } catch (found) {
      complain(found);
    }
  };
  const shot = typeof value === "string" && value ? viewAddress(pictureOf(value)) : null;
  return (
    <fieldset className="own" aria-label={label}>
      <div className="own-canvas">
        {stream ? (
          <video ref={video} autoPlay muted playsInline aria-label={say.live} />
        ) : shot ? (
          <img src={shot} alt={say.shot} draggable={false} />
        ) : (
          <span role={problem ? "alert" : undefined}>{problem || say.none}</span>
        )}
      </div>
      <footer className="own-foot">
        {stream ? (
          <>
            <button type="button" className="own-key" onClick={() => void take()}>
              <Icon name="picture" />
              {say.take}
            </button>
            <button type="button" className="own-key" onClick={() => setStream(null)}>
              {say.stop}
            </button>
          </>
        ) : (
          <button type="button" className="own-key" onClick={() => void start()}>
            <Icon name="play" />
            {say.start}
          </button>
        )}
        {problem && shot && !stream && <span role="alert">{problem}</span>}
      </footer>
    </fieldset>
  );
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

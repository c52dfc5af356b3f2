import { setValue } from "../model/edit";
import { everyNode } from "../model/focus";
import { upload } from "../server/upload";
import { apply, current } from "../store/document";
import { desk } from "../text/desk";

/** Why there is no camera, in words. */
export class NoCamera extends Error {}

/** Nodes whose camera is on, with what takes a picture. */
const on = new Map<string, () => Promise<string>>();

export function camera(node: string, shoot: (() => Promise<string>) | null): void {
  if (shoot) on.set(node, shoot);
  else on.delete(node);
}

/** Ask for the camera at a size; 0 is its own. */
export async function openCamera(width: number, height: number): Promise<MediaStream> {
  // Pages that came neither from this computer nor encrypted have no such thing.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices?.getUserMedia) throw new NoCamera(desk.camera.absent);
  const video = {
    ...(width ? { width: { ideal: width } } : {}),
    ...(height ? { height: { ideal: height } } : {}),
  };
  try {
    return await devices.getUserMedia({ video: Object.keys(video).length > 0 ? video : true, audio: false });
  } catch (problem) {
    const { name, message } = problem as DOMException;
    if (name === "NotAllowedError" || name === "SecurityError") throw new NoCamera(desk.camera.refused);
    if (name === "NotFoundError") throw new NoCamera(desk.camera.missing);
    throw new NoCamera(desk.camera.failed(message || name));
  }
}

/** What the camera shows now, as a picture in the server's input folder; gives the value that names it. */
export async function shoot(video: HTMLVideoElement, width: number, height: number): Promise<string> {
  // A camera that was only just started shows nothing yet.
  if (video.readyState < video.HAVE_CURRENT_DATA)
    await new Promise((ready) => video.addEventListener("loadeddata", ready, { once: true }));
  const canvas = new OffscreenCanvas(width || video.videoWidth, height || video.videoHeight);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  const name = `webcam-${Date.now()}.png`;
  return await upload(new File([await canvas.convertToBlob()], name, { type: "image/png" }));
}

/** Before a run: a new picture of each camera that is on and whose node asks for one with each run. */
export async function takePictures(): Promise<void> {
  for (const [id, node] of everyNode(current())) {
    const take = node.type === "WebcamCapture" && node.values.capture_on_queue !== false && on.get(id);
    if (take) apply(desk.camera.shot, setValue(id, "image", await take()), `camera ${id}`);
  }
}

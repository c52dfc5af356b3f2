import { api } from "./client";

/** Who this window is to the server: the same after a reload, another in another tab. */
export const CLIENT: string = sessionStorage.getItem("safelight.client") ?? crypto.randomUUID();
sessionStorage.setItem("safelight.client", CLIENT);

export interface Message {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** A picture of something that is in the making. */
export interface Preview {
  readonly node: string;
  readonly job: string;
  readonly picture: Blob;
}

interface Listener {
  readonly message: (message: Message) => void;
  readonly preview: (preview: Preview) => void;
  readonly online: (online: boolean) => void;
}

const SLOWEST = 8000;

/** Listen to the server; when the connection breaks, connect again and again, ever more slowly. */
export function listen(listener: Listener): void {
  let wait = 300;
  const connect = () => {
    const address = new URL(api("/ws"));
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    address.searchParams.set("clientId", CLIENT);
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      wait = 300;
      socket.send(JSON.stringify({ type: "feature_flags", data: { supports_preview_metadata: true } }));
      listener.online(true);
    };
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") listener.message(JSON.parse(data) as Message);
      else {
        const preview = readPreview(data as ArrayBuffer);
        if (preview) listener.preview(preview);
      }
    };
    socket.onclose = () => {
      listener.online(false);
      setTimeout(connect, wait);
      wait = Math.min(SLOWEST, wait * 1.6);
    };
  };
  connect();
}

const WITH_METADATA = 4;

/** A binary message: its kind, the length of its metadata, the metadata, the picture. */
export function readPreview(data: ArrayBuffer): Preview | null {
  const view = new DataView(data);
  if (data.byteLength < 8 || view.getUint32(0) !== WITH_METADATA) return null;
  const length = view.getUint32(4);
  const words = new TextDecoder().decode(new Uint8Array(data, 8, length));
  const about = JSON.parse(words) as {
    display_node_id?: string;
    node_id: string;
    prompt_id: string;
    image_type?: string;
  };
  const picture = new Blob([new Uint8Array(data, 8 + length)], { type: about.image_type ?? "image/jpeg" });
  return { node: about.display_node_id ?? about.node_id, job: about.prompt_id, picture };
}

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const gzip = async (content: Uint8Array): Promise<Uint8Array> => {
  const stream = new Blob([new Uint8Array(content)]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

/** Scripts and styles lie compressed beside themselves: the server hands these to browsers that take them. */
const compressed = (): Plugin => ({
  name: "compressed",
  async writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle).filter((one) => /\.(js|css)$/.test(one))) {
      const written = await this.fs.readFile(`${dir}/${name}`);
      await this.fs.writeFile(`${dir}/${name}.gz`, await gzip(written));
    }
  },
});

// Relative addresses, so that the editor also works under a path of a proxy.
export default defineConfig({
  base: "./",
  plugins: [react(), compressed()],
  build: { outDir: "dist", sourcemap: false, target: "es2022", assetsInlineLimit: 2048 },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8188", ws: true } } },
});

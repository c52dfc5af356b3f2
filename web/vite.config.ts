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

/** The font's licence, which asks to go along with it; those of the scripts are gathered by Vite itself. */
const fontLicense = (): Plugin => ({
  name: "font-license",
  async writeBundle({ dir }) {
    const text = await this.fs.readFile("node_modules/@fontsource-variable/inter/LICENSE");
    await this.fs.writeFile(`${dir}/font-license.txt`, text);
  },
});

// Relative addresses, so that the editor also works under a path of a proxy.
export default defineConfig({
  base: "./",
  plugins: [react(), compressed(), fontLicense()],
  build: {
    outDir: "dist",
    sourcemap: false,
    target: "es2022",
    assetsInlineLimit: 2048,
    license: { fileName: "licenses.md" },
  },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8188", ws: true } } },
});

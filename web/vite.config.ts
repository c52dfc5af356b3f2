import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Relative addresses, so that the editor also works under a path of a proxy.
export default defineConfig({
  base: "./",
  plugins: [react()],
  build: { outDir: "dist", sourcemap: false, target: "es2022", assetsInlineLimit: 2048 },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8188", ws: true } } },
});

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// The words live with the program, because Python reads them too; the wall carries its own file
// of them so that it can still say, in words, that no server answers.
const words = fileURLToPath(new URL("../ioc/words", import.meta.url));

export default defineConfig({
  base: "/",
  resolve: { alias: { "@words": words } },
  server: { fs: { allow: [".", words] } },
  build: {
    target: "es2023",
    // Never a data: address: the content policy allows fonts and images from this origin only.
    assetsInlineLimit: 0,
    // Polyfills for browsers older than this wall's own target would be dead weight.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
});

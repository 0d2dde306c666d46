import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";
import wall from "./vite.config";

export default mergeConfig(
  wall,
  defineConfig({ test: { environment: "happy-dom", css: true, include: ["src/**/*.test.ts"] } }),
);

import { defineConfig } from "vitest/config";

export default defineConfig({ cacheDir: "../.tmp/vite", test: { include: ["*/*.test.ts"] } });

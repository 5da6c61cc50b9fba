import type { KnipConfig } from "knip";
import { publicEntries, readManifest } from "./scripts/house/package-manifest.js";

export default async function configure(): Promise<KnipConfig> {
  return {
    entry: [
      ...publicEntries(await readManifest()).map((file) => `src/${file}`),
      "src/cli/main.ts",
      "scripts/*.{ts,mjs}",
      "scripts/*/**/main.ts",
      "scripts/size/log-loads.mjs",
      "test/{unit,fuzz,contract,e2e,endings,package}/**/*.test.ts",
      "test/endings/host.mjs",
      "test/e2e/endings/programs/*.mjs",
      "test/unit/process/watchdog/watchdog-host.ts",
      "test/types/*.test-d.ts",
      "test/agents/**/*.{ts,mjs}",
      "examples/*/{main,model,record}.ts",
      "examples/*/*.test.ts",
      "examples/vitest.config.ts",
    ],
    project: ["src/**/*.ts", "test/**/*.{ts,mjs}", "scripts/**/*.{ts,mjs}", "examples/**/*.ts"],
    // Started as commands on a tarball, by scripts/check-package.ts; and zod 3, which test/package installs under its own name.
    ignoreDependencies: ["publint", "@arethetypeswrong/cli", "zod3"],
    // A program of the system: test/e2e/hosts starts a container-like place with it.
    ignoreBinaries: ["unshare"],
    // A type that a file exports for its readers may be used only in its own signatures.
    ignoreExportsUsedInFile: { interface: true, type: true },
  };
}

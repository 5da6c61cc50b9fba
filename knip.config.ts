import type { KnipConfig } from "knip";
import { publicEntries, readManifest } from "./scripts/house/package-manifest.js";

export default async function configure(): Promise<KnipConfig> {
  return {
    entry: [
      ...publicEntries(await readManifest()).map((file) => `src/${file}`),
      "src/cli/main.ts",
      "scripts/*.{ts,mjs}",
      "scripts/*/**/main.ts",
      "test/{unit,contract,e2e,endings,package}/**/*.test.ts",
      "test/endings/host.mjs",
      "test/e2e/programs/*.mjs",
      "test/unit/process/watchdog-host.ts",
      "test/types/*.test-d.ts",
      "test/agents/**/*.{ts,mjs}",
      "examples/*/{main,model}.ts",
    ],
    project: ["src/**/*.ts", "test/**/*.{ts,mjs}", "scripts/**/*.{ts,mjs}", "examples/**/*.ts"],
    ignore: ["src/protocol/generated/**"],
    // Started as commands on a tarball, by scripts/check-package.ts.
    ignoreDependencies: ["publint", "@arethetypeswrong/cli"],
    // A type that a file exports for its readers may be used only in its own signatures.
    ignoreExportsUsedInFile: { interface: true, type: true },
  };
}

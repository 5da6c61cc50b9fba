import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The reason if the tests on the real binary cannot run, else null. */
    codexMissing: string | null;
  }
}

/** Without the binary, its tests are skipped on a developer's machine and fail in CI. */
export default function setup(project: TestProject): void {
  const missing = findProblem();
  if (missing !== null && process.env["CI"] === "true")
    throw new Error(`CI must run the real codex binary: ${missing}`);
  if (missing !== null) project.vitest.logger.warn(`Skipping the tests on the real codex binary: ${missing}`);
  project.provide("codexMissing", missing);
}

function findProblem(): string | null {
  const require = createRequire(import.meta.url);
  const platform = `@openai/codex-${process.platform}-${process.arch}`;
  try {
    const codex = require.resolve("@openai/codex/package.json");
    const vendor = join(dirname(createRequire(codex).resolve(`${platform}/package.json`)), "vendor");
    return existsSync(vendor) ? null : `${platform} holds no binary`;
  } catch {
    return `${platform} is not installed (npm ci)`;
  }
}

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new folder outside the repository, so that its `node_modules` is not seen from there; gone when the test is over. */
export function createScratchFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "codexkit-unit-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

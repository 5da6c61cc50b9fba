import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { scratchFolder } from "../../../scripts/house/scratch-folder.js";

const base = scratchFolder("unit-cli");

/** Creates a folder outside the system's temporary folder, which the command line avoids. The end of the test removes it. */
export function createWorkFolder(): string {
  mkdirSync(base, { recursive: true });
  const folder = mkdtempSync(join(base, "work-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

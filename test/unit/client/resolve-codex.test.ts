import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { scratchFolder } from "../../../scripts/house/scratch-folder.js";
import { BinaryNotFoundError, resolveCodex } from "../../../src/index.js";

test("finds the binary by the option, then CODEX_PATH, then the package, and returns the source", () => {
  const folder = createFolder();
  const [named, inPath] = [createProgram(folder, "named"), createProgram(folder, "in-path")];
  const env = { CODEX_PATH: inPath };
  expect(resolveCodex({ codexPathOverride: named, env })).toMatchObject({ path: named, source: "option" });
  expect(resolveCodex({ env })).toEqual({
    path: inPath,
    command: inPath,
    args: [],
    source: "CODEX_PATH",
    pathDirs: [],
  });
  expect(resolveCodex({ env: { CODEX_PATH: undefined } })).toMatchObject({ source: "package" });
});

test("lists the searched places if there is no binary", () => {
  const missing = join(createFolder(), "missing");
  expect(() => resolveCodex({ codexPathOverride: missing })).toThrow(BinaryNotFoundError);
  expect(() => resolveCodex({ codexPathOverride: missing })).toThrow(missing);
});

function createProgram(folder: string, name: string): string {
  const path = join(folder, name);
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, 0o755);
  return path;
}

function createFolder(): string {
  const base = scratchFolder("unit-client");
  mkdirSync(base, { recursive: true });
  const folder = mkdtempSync(join(base, "resolve-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

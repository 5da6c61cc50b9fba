import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** An executable file that stands in for codex. */
export interface Launcher {
  readonly path: string;
  /** Removes the file, and its directory if {@link writeLauncher} created one. Idempotent. */
  readonly remove: () => void;
}

/**
 * The programs that a launcher can start. Their files lie beside this one, because the build bundles this file into
 * `dist/testing/index.js` and copies the programs beside it.
 */
const programs = {
  record: { file: "record-program.js", run: "runRecorded" },
  relay: { file: "relay-program.js", run: "runRelay" },
} as const;

/**
 * Writes an executable that runs one of the programs with this input, which must be JSON. The file has mode 0700, since
 * the input may contain a token. Default directory: a new one under the system's temporary folder.
 */
export function writeLauncher(name: keyof typeof programs, input: object, directory?: string): Launcher {
  const { file, run } = programs[name];
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const own = directory === undefined ? mkdtempSync(join(tmpdir(), `codexkit-${name}-`)) : undefined;
  const path = join(own ?? resolve(directory ?? ""), `codex-${randomBytes(6).toString("hex")}`);
  const url = JSON.stringify(new URL(file, import.meta.url).href);
  const code = `import(${url}).then((program) => program.${run}(${JSON.stringify(input)}));`;
  writeFileSync(path, `#!${process.execPath}\n${code}\n`, { mode: 0o700 });
  return { path, remove: () => rmSync(own ?? path, { recursive: true, force: true }) };
}

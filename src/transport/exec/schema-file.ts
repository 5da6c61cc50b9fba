import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JsonObject, toWellFormedJson } from "../../internal/json.js";
import { toTemporaryFolderError } from "../launch/temporary-folder.js";
import type { Watchdog } from "../../process/watchdog/watchdog.js";

export interface SchemaFile {
  readonly path: string;
  remove(): Promise<void>;
}

/** Writes the output schema to a file that only this user can read, in its own directory. It is removed with the turn, or by the watchdog if the host program dies. */
export async function writeSchemaFile(schema: JsonObject, watchdog: Watchdog): Promise<SchemaFile> {
  const directory = await mkdtemp(join(tmpdir(), "codexkit-schema-")).catch((error: unknown) => {
    throw toTemporaryFolderError(error, tmpdir());
  });
  const path = join(directory, "schema.json");
  const release = watchdog.guardFile(path);
  const remove = async (): Promise<void> => {
    await rm(directory, { recursive: true, force: true });
    release();
  };
  try {
    await writeFile(path, toWellFormedJson(schema), { mode: 0o600 });
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}

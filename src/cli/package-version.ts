import { readFile } from "node:fs/promises";

/** The version of this package. `package.json` lies two folders up, from `src/cli` and from `dist/cli` alike. */
export async function readPackageVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isManifest && typeof manifest.version === "string" ? manifest.version : "unknown";
}

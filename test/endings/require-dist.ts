import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The host programs of these tests use `dist/`, as programs of users do. */
export default function setup(): void {
  const entry = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
  if (!existsSync(entry)) throw new Error("dist/index.js is missing: run `npm run build` first.");
}

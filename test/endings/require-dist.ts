import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The hosts of these tests are programs that use `dist/`, as those of users do. */
export default function setup(): void {
  const entry = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
  if (!existsSync(entry)) throw new Error("dist/index.js is missing: run `npm run build` first.");
}

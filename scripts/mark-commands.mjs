// Marks the built commands of package.json as executable, so that they run straight from dist/ and from a tarball.
import { chmod, readFile } from "node:fs/promises";

const root = new URL("../", import.meta.url);
/** @type {{ bin: Record<string, string> }} */
const { bin } = JSON.parse(await readFile(new URL("package.json", root), "utf8"));
for (const file of Object.values(bin)) await chmod(new URL(file, root), 0o755);

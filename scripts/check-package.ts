// `npm run check:package`: publint and "are the types wrong?" on the tarball that would be published, and its size.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { keepReachable, readDeclarations } from "./build/prune-declarations.js";
import { publicDeclarations, readManifest } from "./house/package-manifest.js";
import { root } from "./house/read-files.js";
import { pack } from "./pack.js";
import { checkSize, measures } from "./size/check-size.js";
import { limits } from "./size/limits.js";
import { measurePackage } from "./size/measure-package.js";

const packed = await pack("check-package");
const { tarball } = packed;
const checks: readonly (readonly [string, readonly string[]])[] = [
  ["publint", ["run", "--strict", tarball]],
  // The package is ESM under the condition `default`: Node >= 20.19 can `require()` it, so "CJS resolves to ESM" is meant,
  // and node10 resolution, which knows no `exports`, is not served. `--no-definitely-typed`: no look-up in a registry.
  [
    "attw",
    [tarball, "--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm", "--no-definitely-typed", "--no-emoji"],
  ],
];
const failed = checks.filter(([tool, args]) => {
  const { status } = spawnSync(join(root, "node_modules", ".bin", tool), args, { cwd: root, stdio: "inherit" });
  return status !== 0;
});

const declarations = await readDeclarations(join(root, "dist"));
const reachable = keepReachable(declarations, publicDeclarations(await readManifest()));
const superfluous = [...declarations].filter(([path, text]) => reachable.get(path) !== text);
for (const [path] of superfluous)
  console.error(`${path} has declarations that no entry point reaches, or internal ones`);

const measured = await measurePackage(packed);
for (const measure of measures) console.log(`${measure}: ${measured[measure]} of ${limits[measure]}`);
const tooBig = checkSize(measured);
for (const complaint of tooBig) console.error(complaint);
process.exitCode = [failed, superfluous, tooBig].every(({ length }) => length === 0) ? 0 : 1;

// `npm run build`: builds dist/ from src/. The compiler writes the declarations file by file; the JavaScript is bundled
// into a few files, because a program that imports codexkit would otherwise read a hundred
// (docs/internals/decisions/0007-bundled-build.md).
import { spawnSync } from "node:child_process";
import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "./build/bundle.js";
import { pruneDeclarations } from "./build/prune-declarations.js";
import { publicDeclarations, publicEntries, readManifest } from "./house/package-manifest.js";
import { root } from "./house/read-files.js";

const manifest = await readManifest();
const commands = Object.values(manifest.bin);

// Removes old output, so that deleted source files are not published.
await rm(join(root, "dist"), { recursive: true, force: true });
const declarations = ["-p", "tsconfig.build.json", "--emitDeclarationOnly"];
const { status } = spawnSync(join(root, "node_modules", ".bin", "tsc"), declarations, { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);
await pruneDeclarations(join(root, "dist"), publicDeclarations(manifest));
await bundle({
  entries: publicEntries(manifest),
  programs: ["testing/relay-program.js", "testing/record-program.js"],
  commands: commands.map((file) => file.replace("./dist/", "").replace(/\.js$/, ".ts")),
});
// Commands run from dist/ and from a tarball.
for (const file of commands) await chmod(join(root, file), 0o755);

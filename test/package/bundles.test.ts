import { cp, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCleanProject, type CleanProject } from "./clean-project.js";
import { makeBundle } from "./make-bundle.js";
import { foundIn, runSample } from "./run-sample.js";
import { sampleProgram } from "./sample-program.js";

let project: CleanProject;
beforeAll(async () => {
  project = await createCleanProject("bundles", { codex: true });
});
afterAll(() => project.remove());

describe.each([
  ["esbuild", "esm"],
  ["esbuild", "cjs"],
  ["webpack", "esm"],
  ["webpack", "cjs"],
] as const)("a program bundled by %s as %s", (bundler, format) => {
  test("[A1.17] finds codex and runs it, and still does after a move with node_modules/@openai", async () => {
    const folder = join(project.folder, "out", `${bundler}-${format}`);
    const file = await makeBundle({ bundler, format, project: project.folder, folder, text: sampleProgram });
    expect(await runSample([file], project.folder)).toEqual(foundIn(project.folder));

    const deployed = join(dirname(project.folder), `deployed-${bundler}-${format}`);
    await cp(folder, deployed, { recursive: true });
    await cp(join(project.folder, "node_modules/@openai"), join(deployed, "node_modules/@openai"), { recursive: true });
    // The sources are gone, and the bundle is started from another folder.
    const away = `${project.folder}-away`;
    await rename(project.folder, away);
    try {
      expect(await runSample([join(deployed, file.slice(folder.length))], "/")).toEqual(foundIn(deployed));
    } finally {
      await rename(away, project.folder);
    }
  });
});

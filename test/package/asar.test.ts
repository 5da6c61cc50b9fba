import { chmod, cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCleanProject, type CleanProject } from "./clean-project.js";
import { makeBundle } from "./make-bundle.js";
import { foundIn, runSample } from "./run-sample.js";
import { sampleProgram } from "./sample-program.js";

/**
 * An Electron app as it is installed: `app.asar`, here a folder, for Node alone cannot look into an archive, and beside it
 * the copy of what `asarUnpack` names. Inside the archive the binary is there to be seen, but cannot be started.
 */
let project: CleanProject;
let archive: string;
let unpacked: string;
beforeAll(async () => {
  project = await createCleanProject("asar", { codex: true });
  const resources = join(dirname(project.folder), "resources");
  archive = join(resources, "app.asar");
  unpacked = join(resources, "app.asar.unpacked");
  const openai = join("node_modules", "@openai");
  await cp(project.folder, archive, { recursive: true });
  await mkdir(unpacked, { recursive: true });
  await cp(join(archive, openai), join(unpacked, openai), { recursive: true });
  for (const file of await readdir(join(archive, openai), { recursive: true, withFileTypes: true })) {
    if (file.name === "codex" && file.isFile()) await chmod(join(file.parentPath, file.name), 0o644);
  }
});
afterAll(() => project.remove());

describe("in an Electron archive", () => {
  test("[A1.17] the installed package finds and starts the unpacked binary", async () => {
    const file = join(archive, "main.mjs");
    await writeFile(file, sampleProgram);
    expect(await runSample([file], "/")).toEqual(foundIn(unpacked));
  });

  test("[A1.17] a CommonJS bundle does, too, if Node was started without a program", async () => {
    const request = { bundler: "esbuild", format: "cjs", project: project.folder, text: sampleProgram } as const;
    const file = await makeBundle({ ...request, folder: join(archive, "dist") });
    expect(await runSample(["--eval", `require(${JSON.stringify(file)})`], "/")).toEqual(foundIn(unpacked));
  });
});

import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readManifest } from "../../scripts/house/package-manifest.js";
import { readImports } from "../../scripts/house/read-imports.js";
import { createCleanProject, type CleanProject } from "./clean-project.js";

const manifest = await readManifest();
const entries = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target !== "string")
  .map(([name]) => name.replace(/^\./, manifest.name));

let consumer: CleanProject;
beforeAll(async () => {
  consumer = await createCleanProject("package");
});
afterAll(() => consumer.remove());

describe("the package that npm packed and installed", () => {
  test("[A1.17] holds the build, its pages and its licence, and nothing else", () => {
    const expected =
      /^(dist\/.*\.(js|d\.ts)|docs\/(?!internals\/).*\.md|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
    expect(consumer.files.filter((file) => !expected.test(file))).toEqual([]);
    expect(consumer.files).toEqual(
      expect.arrayContaining(["docs/README.md", "package.json", "README.md", "CHANGELOG.md", "LICENSE"]),
    );
  });

  test("[A1.17] its declarations need no package that it does not install itself", async () => {
    const declarations = consumer.files.filter((file) => file.endsWith(".d.ts"));
    expect(declarations).not.toEqual([]);
    const known = Object.keys(manifest.dependencies ?? {});
    for (const file of declarations) {
      const imports = readImports(file, await readFile(join(consumer.installed, file), "utf8"));
      const foreign = imports.filter(
        ({ specifier = "?" }) => !/^(\.|node:)/.test(specifier) && !known.includes(specifier),
      );
      expect(foreign, file).toEqual([]);
    }
  });

  test.each(Object.keys(manifest.bin))("the command %s is an executable program", async (command) => {
    const file = join(consumer.installed, manifest.bin[command] ?? "");
    await access(file, constants.X_OK);
    expect(await readFile(file, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    const { stdout } = await promisify(execFile)(file, ["--version"], { cwd: consumer.folder });
    expect(stdout.trim()).toContain(manifest.version);
  });
});

describe.each(entries)("the entry point %s", (entry) => {
  test("[A1.17] is imported, runs nothing and leaves nothing open", async () => {
    const names = await consumer.node(
      `console.log(JSON.stringify(Object.keys(await import("${entry}")).sort()))`,
      "module",
    );
    expect(JSON.parse(names)).not.toEqual([]);
  });

  test("[A1.17] is the same module through require()", async () => {
    const same = await consumer.node(
      `import("${entry}").then((imported) => {
        const required = require("${entry}");
        console.log(Object.keys(imported).every((name) => imported[name] === required[name]));
      });`,
      "commonjs",
    );
    expect(same.trim()).toBe("true");
  });

  test("[A1.17] is loaded by require() in a program without imports", async () => {
    const names = await consumer.node(`console.log(Object.keys(require("${entry}")).length > 0)`, "commonjs");
    expect(names.trim()).toBe("true");
  });
});

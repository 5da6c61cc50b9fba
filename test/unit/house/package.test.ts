import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gates } from "../../../scripts/check/gates.js";
import { publicEntries, readManifest } from "../../../scripts/house/package-manifest.js";
import { readFiles, root } from "../../../scripts/house/read-files.js";
import { packages } from "../../../scripts/house/ranks.mjs";

describe("package.json", async () => {
  const manifest = await readManifest();

  test("exports entry points by name, each built from an index file, without a wildcard", () => {
    expect(Object.keys(manifest.exports).filter((name) => name.includes("*"))).toEqual([]);
    expect(publicEntries(manifest).filter((file) => !existsSync(join(root, "src", file)))).toEqual([]);
    expect(publicEntries(manifest).filter((file) => !/(^|\/)(index|app-server)\.ts$/.test(file))).toEqual([]);
    for (const target of Object.values(manifest.exports)) {
      if (typeof target === "string") continue;
      expect(target.types.replace(/\.d\.ts$/, "")).toBe(target.default.replace(/\.js$/, ""));
      expect(Object.keys(target)).toEqual(["types", "default"]);
    }
  });

  test("names a source file for every command", () => {
    const sources = Object.values(manifest.bin).map((file) => file.replace("./dist/", "src/").replace(/\.js$/, ".ts"));
    expect(sources.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  test("depends at run time only on packages that src/ may import", () => {
    expect(Object.keys(manifest.dependencies ?? {}).filter((name) => !(name in packages))).toEqual([]);
  });

  test("has a script for every gate, and `npm test` is the whole check", () => {
    expect(gates.map(({ name }) => name).filter((name) => !(name in manifest.scripts))).toEqual([]);
    expect(manifest.scripts["test"]).toBe("npm run check");
  });
});

test("CI runs the test command of the README", async () => {
  const command = "npm ci && npm test";
  expect(await readFile(join(root, ".ci", "run"), "utf8")).toContain(`\n${command}\n`);
  expect(await readFile(join(root, "README.md"), "utf8")).toContain(command);
});

test("package-lock.json names no registry", async () => {
  expect(await readFile(join(root, "package-lock.json"), "utf8")).not.toContain('"resolved"');
});

test("every test file belongs to a project of vitest.config.ts or to the type tests", async () => {
  const files = [...(await readFiles("test", [".test.ts", ".test-d.ts"])).keys()];
  expect(
    files.filter(
      (file) => !/^((unit|fuzz|contract|e2e|endings|soak|package)\/.*\.test\.ts|types\/.*\.test-d\.ts)$/.test(file),
    ),
  ).toEqual([]);
});

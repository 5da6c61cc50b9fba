import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";
import { readManifest } from "../../scripts/house/package-manifest.js";
import { root } from "../../scripts/house/read-files.js";
import { installPacked, type Consumer } from "./install-packed.js";

const base = {
  lib: ["ES2022"],
  target: "ES2022",
  types: ["node"],
  typeRoots: [join(root, "node_modules", "@types")],
  strict: true,
  noEmit: true,
  skipLibCheck: false,
};

let consumer: Consumer;
let program: string;
beforeAll(async () => {
  consumer = await installPacked("declarations-test");
  const { exports, name } = await readManifest();
  const entries = Object.entries(exports).filter(([, target]) => typeof target !== "string");
  const lines = entries.map(([entry], index) => `export * as entry${index} from "${entry.replace(/^\./, name)}";`);
  program = join(consumer.folder, "main.ts");
  await writeFile(program, `${lines.join("\n")}\n`);
});

describe("the declarations compile without skipLibCheck under lib ES2022 and @types/node 20", () => {
  test.each([
    ["NodeNext", { module: "NodeNext", moduleResolution: "NodeNext", exactOptionalPropertyTypes: true }],
    ["NodeNext, without exactOptionalPropertyTypes", { module: "NodeNext", moduleResolution: "NodeNext" }],
    ["a bundler's resolution", { module: "ESNext", moduleResolution: "Bundler", exactOptionalPropertyTypes: true }],
    [
      "isolatedModules and verbatimModuleSyntax",
      { module: "NodeNext", isolatedModules: true, verbatimModuleSyntax: true },
    ],
  ])("[A1.17] with %s, and nothing installed beside the package (R7)", (_name, settings) => {
    const { options, errors } = ts.convertCompilerOptionsFromJson({ ...base, ...settings }, consumer.folder);
    expect(errors).toEqual([]);
    const host = ts.createCompilerHost(options);
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([program], options, host));
    expect(ts.formatDiagnostics(diagnostics, host)).toBe("");
  });
});

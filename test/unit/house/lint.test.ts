import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, test } from "vitest";
import { root } from "../../../scripts/house/read-files.js";

// Uses only rules that need no type information, so that a text needs no file on disk.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    { ...tseslint.configs.disableTypeChecked, files: ["**/*.ts"] },
    { files: ["**/*.ts"], languageOptions: { parserOptions: { projectService: false } } },
  ],
});

async function rulesBroken(file: string, text: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: file });
  return [...new Set(result?.messages.map(({ ruleId }) => ruleId))];
}

describe("lint refuses", () => {
  test.each([
    ["an import of a higher rank", "src/rpc/seed.ts", `import "../thread/turn.js";`, "no-restricted-imports"],
    [
      "a type-only import of a higher rank",
      "src/rpc/seed.ts",
      `export type { A } from "../thread/turn.js";`,
      "no-restricted-imports",
    ],
    [
      "a higher rank seen from a subfolder",
      "src/transport/exec/seed.ts",
      `import "../../client/codex.js";`,
      "no-restricted-imports",
    ],
    [
      "a transport's inside seen by thread",
      "src/thread/seed.ts",
      `import "../transport/options.js";`,
      "no-restricted-imports",
    ],
    [
      "an inner file used by the command line",
      "src/cli/seed.ts",
      `import "../thread/turn.js";`,
      "no-restricted-imports",
    ],
    ["a Node module in protocol", "src/protocol/seed.ts", `import "node:fs";`, "no-restricted-imports"],
    ["readline", "src/process/seed.ts", `import "node:readline";`, "no-restricted-imports"],
    ["exec", "src/process/seed.ts", `import { exec } from "node:child_process";\nexec("ls");`, "no-restricted-imports"],
    [
      "a namespace that holds exec",
      "test/unit/seed.ts",
      `import * as c from "child_process";\nc.spawn("ls");`,
      "no-restricted-imports",
    ],
    ["shell: true", "scripts/seed.ts", `spawn("ls", { shell: true });`, "no-restricted-syntax"],
    ["a computed shell", "src/process/seed.ts", `spawn("ls", { shell: options.shell });`, "no-restricted-syntax"],
    ["the environment", "src/process/seed.ts", "export const a = process.env;", "no-restricted-syntax"],
    [
      "the environment in a rank without process",
      "src/thread/seed.ts",
      "export const a = process.env;",
      "no-restricted-globals",
    ],
    [
      "the host process as a module",
      "src/thread/seed.ts",
      `import process from "node:process";\nprocess.exit();`,
      "no-restricted-imports",
    ],
    ["printing", "src/thread/seed.ts", "globalThis.console.log(1);", "no-restricted-globals"],
    ["a global timer", "src/thread/seed.ts", "setTimeout(f, 1);", "no-restricted-globals"],
    ["a global timer of the client", "src/client/seed.ts", "setTimeout(f, 1);", "no-restricted-globals"],
    ["structuredClone", "src/thread/seed.ts", "structuredClone(a);", "no-restricted-globals"],
    [
      "instanceof Error, which is false for an error of another realm",
      "src/thread/seed.ts",
      "export const a = b instanceof Error;",
      "no-restricted-syntax",
    ],
    [
      "AbortSignal.any, which refuses the signals of another realm",
      "src/thread/seed.ts",
      "export const a = AbortSignal.any([b]);",
      "no-restricted-syntax",
    ],
    ["console", "src/thread/seed.ts", "console.log(1);", "no-restricted-globals"],
    [
      "a type assertion",
      "src/thread/seed.ts",
      "export const a = JSON.parse(b) as string;",
      "@typescript-eslint/consistent-type-assertions",
    ],
    ["a non-null assertion", "test/unit/seed.ts", "a()!.b();", "@typescript-eslint/no-non-null-assertion"],
    ["any", "src/thread/seed.ts", "export function f(a: any) { return g(a); }", "@typescript-eslint/no-explicit-any"],
    ["a private member", "src/thread/seed.ts", "export class A { private a = 1; }", "no-restricted-syntax"],
    ["a default export", "src/thread/seed.ts", "export default 1;", "no-restricted-syntax"],
    ["a wildcard of public names", "src/index.ts", `export * from "./thread/turn.js";`, "no-restricted-syntax"],
    ["a file over the cap", "src/thread/seed.ts", "a();\n".repeat(251), "max-lines"],
    ["an enum", "src/protocol/seed.ts", "export enum A { B }", "no-restricted-syntax"],
  ])("%s", async (_fault, file, text, rule) => {
    expect(await rulesBroken(file, text)).toEqual([rule]);
  });

  test("nothing that the rules allow", async () => {
    expect(
      await rulesBroken(
        "src/thread/seed.ts",
        `import type { T } from "../transport/transport.js";\nexport const a = ["b"] as const satisfies T;`,
      ),
    ).toEqual([]);
    expect(
      await rulesBroken(
        "src/process/seed.ts",
        `import { spawn } from "node:child_process";\nspawn(process.execPath, [], { shell: false });`,
      ),
    ).toEqual([]);
    expect(await rulesBroken("src/client/seed.ts", "export const a = process.env;")).toEqual([]);
    expect(
      await rulesBroken(
        "src/cli/seed.ts",
        `import { run } from "../index.js";\nimport { a } from "./sub/a.js";\nconsole.log(run(a));`,
      ),
    ).toEqual([]);
    expect(await rulesBroken("src/protocol/seed.ts", "export const a = b as string;")).toEqual([]);
  });
});

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readManifest } from "../../scripts/house/package-manifest.js";
import { checkTypes, type CompilerSettings } from "./check-types.js";
import { createCleanProject, type CleanProject } from "./clean-project.js";

/** A program that requests an answer with a schema. It compiles only if the type of the answer is exactly `Expected`. */
const program = (imports: string, schema: string, expected: string): string => `
import { Codex, type CodexOptions, type ThreadEvent, type TurnResult } from "codexkit";
${imports}
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expected = ${expected};
type Events = readonly ThreadEvent[];

export async function ask(options: CodexOptions): Promise<Events> {
  await using codex = new Codex(options);
  const thread = codex.startThread({ workingDirectory: ".", sandboxMode: "read-only" });
  const outputSchema = ${schema};
  const { output, items }: TurnResult<Expected> = await thread.run("Is it so?", { outputSchema });
  const same: Same<typeof output, Expected> = true;
  const { output: none } = await thread.run("And now?");
  const isNone: Same<typeof none, undefined> = true;
  console.log(same, isNone, items.filter((item) => item.type === "agentMessage").map((item) => item.text));
  const events: ThreadEvent[] = [];
  for await (const event of thread.runStreamed("Go on")) events.push(event);
  return events;
}
`;

const jsonSchema = '{ type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] }';
const zodImport = 'import { z } from "zod";';

const consumers: readonly [name: string, packages: Readonly<Record<string, string>>, text: string][] = [
  ["no zod", {}, program("", jsonSchema, "unknown")],
  ["zod 4", { zod: "zod" }, program(zodImport, "z.object({ ok: z.boolean() })", "{ ok: boolean }")],
  [
    "zod 3",
    { zod: "zod3" },
    program(zodImport, `{ schema: z.object({ ok: z.boolean() }), jsonSchema: ${jsonSchema} }`, "{ ok: boolean }"),
  ],
];

/** Each way to resolve modules, with `exactOptionalPropertyTypes` on and off. */
const settings: readonly [name: string, settings: CompilerSettings][] = [
  ["NodeNext", { module: "NodeNext" }],
  ["NodeNext and exactOptionalPropertyTypes", { module: "NodeNext", exactOptionalPropertyTypes: true }],
  ["Node16", { module: "Node16" }],
  [
    "a bundler's resolution and exactOptionalPropertyTypes",
    { module: "ESNext", moduleResolution: "Bundler", exactOptionalPropertyTypes: true },
  ],
  [
    "isolatedModules and verbatimModuleSyntax",
    { module: "NodeNext", isolatedModules: true, verbatimModuleSyntax: true },
  ],
];

describe.each(consumers)(
  "beside %s, without skipLibCheck, under lib ES2022 and @types/node 20",
  (name, packages, text) => {
    let project: CleanProject;
    beforeAll(async () => {
      const types = { "@types/node": "@types/node" };
      project = await createCleanProject("declarations", { packages: { ...packages, ...types } });
      await writeFile(join(project.folder, "program.ts"), text);
      await writeFile(join(project.folder, "entries.ts"), await everyEntry());
      await writeFile(
        join(project.folder, "required.cts"),
        'import codexkit = require("codexkit");\nnew codexkit.Codex();\n',
      );
    });
    afterAll(() => project.remove());

    test("no package is installed beyond those of the user", () => {
      expect(existsSync(join(project.folder, "node_modules", "zod"))).toBe(name !== "no zod");
    });

    test.each(settings)("[A1.17] every entry point and a program compile with %s (R7)", (_name, options) => {
      expect(checkTypes(project.folder, ["entries.ts", "program.ts"], options)).toBe("");
    });

    test("[A1.17] a CommonJS program takes it by require, with NodeNext", () => {
      expect(checkTypes(project.folder, ["required.cts"], { module: "NodeNext" })).toBe("");
    });
  },
);

async function everyEntry(): Promise<string> {
  const { exports, name } = await readManifest();
  const entries = Object.entries(exports).filter(([, target]) => typeof target !== "string");
  return entries.map(([entry], index) => `export * as entry${index} from "${entry.replace(/^\./, name)}";\n`).join("");
}

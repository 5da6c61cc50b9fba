import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { JsonSchema, SchemaDefinitions } from "./json-schema.js";
import { findPinnedBinary } from "./pinned-binary.js";
import { removedServerRequests, removedTypes } from "./removed-methods.js";

/** The binary's description of its protocol. `types` maps "v2/Turn" to the text of `v2/Turn.ts`. */
export interface ProtocolSource {
  readonly version: string;
  readonly types: ReadonlyMap<string, string>;
  readonly stableTypes: ReadonlyMap<string, string>;
  readonly definitions: SchemaDefinitions;
  /** Schemas in their own files, by file name: "CommandExecutionRequestApprovalResponse" and so on. */
  readonly standalone: ReadonlyMap<string, JsonSchema>;
}

/** Runs the generators of the pinned binary into `directory` (emptied first) and reads their output. */
export function readProtocolSource(directory: string): ProtocolSource {
  const binary = findPinnedBinary();
  rmSync(directory, { recursive: true, force: true });
  const run = (name: string, ...command: string[]): string => {
    const out = path.join(directory, name);
    mkdirSync(path.join(directory, "home"), { recursive: true });
    const { status, stderr } = spawnSync(binary.path, ["app-server", ...command, "--out", out], {
      encoding: "utf8",
      env: { ...process.env, CODEX_HOME: path.join(directory, "home") },
    });
    if (status !== 0) throw new Error(`codex app-server ${command.join(" ")} failed: ${stderr}`);
    return out;
  };
  const schema = run("schema", "generate-json-schema", "--experimental");
  return {
    version: binary.version,
    types: new Map([...removedTypes(), ...readTexts(run("types", "generate-ts", "--experimental"), ".ts")]),
    stableTypes: readTexts(run("types-stable", "generate-ts"), ".ts"),
    definitions: readDefinitions(path.join(schema, "codex_app_server_protocol.schemas.json")),
    standalone: new Map([
      ...removedServerRequests.map(({ result, schema }): [string, JsonSchema] => [result, schema]),
      ...[...readTexts(schema, ".json")].map(([name, text]): [string, JsonSchema] => [
        path.posix.basename(name),
        JSON.parse(text) as JsonSchema,
      ]),
    ]),
  };
}

function readDefinitions(file: string): SchemaDefinitions {
  const bundle = JSON.parse(readFileSync(file, "utf8")) as { readonly definitions: SchemaDefinitions };
  return bundle.definitions;
}

function readTexts(directory: string, extension: string): Map<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length).replaceAll("\\", "/"))
    .sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(directory, name + extension), "utf8")]));
}

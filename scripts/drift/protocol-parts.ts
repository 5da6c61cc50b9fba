import { execFile } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { JsonSchema, SchemaDefinitions } from "../generate/json-schema.js";

/** The protocol of one binary as a flat list. */
export interface ProtocolParts {
  /** By path: `Turn.status` with its type, `Turn.status="failed"` for a literal, `client method thread/list`. */
  readonly parts: ReadonlyMap<string, string>;
  /** The types that each type refers to, by name. */
  readonly references: ReadonlyMap<string, ReadonlySet<string>>;
  /** The type of the parameters of each method. */
  readonly methods: ReadonlyMap<string, string>;
}

/** Runs the schema generator of a binary into an emptied folder, and reads its output. */
export async function readProtocolParts(binary: string, folder: string): Promise<ProtocolParts> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "home"), { recursive: true });
  const env = { ...process.env, CODEX_HOME: join(folder, "home") };
  const out = join(folder, "schema");
  await promisify(execFile)(binary, ["app-server", "generate-json-schema", "--experimental", "--out", out], { env });
  const text = await readFile(join(out, "codex_app_server_protocol.schemas.json"), "utf8");
  const { definitions } = JSON.parse(text) as { readonly definitions: SchemaDefinitions };
  await rm(folder, { recursive: true, force: true });
  return flattenProtocol(definitions);
}

const directions: Readonly<Record<string, string>> = {
  ClientRequest: "client method",
  ServerRequest: "server request",
  ServerNotification: "notification",
  ClientNotification: "client notification",
};

export function flattenProtocol(definitions: SchemaDefinitions): ProtocolParts {
  const parts = new Map<string, string>();
  const references = new Map<string, Set<string>>();
  const methods = new Map<string, string>();
  const { v2, ...root } = definitions;
  for (const [name, schema] of [...Object.entries(root), ...Object.entries(v2)]) {
    const direction = directions[name];
    if (direction === undefined) {
      const types = new Set<string>();
      flatten(schema, { path: name, parts, types });
      references.set(name, types);
      continue;
    }
    for (const variant of schema.oneOf ?? []) {
      const { method, params } = variant.properties ?? {};
      const literal = typeof method === "object" ? String(method.enum?.[0]) : "";
      parts.set(`${direction} ${literal}`, "");
      methods.set(literal, typeof params === "object" ? nameOf(params.$ref ?? "") : "");
    }
  }
  return { parts, references, methods };
}

interface Walk {
  readonly path: string;
  readonly parts: Map<string, string>;
  readonly types: Set<string>;
}

function flatten(schema: JsonSchema, { path, parts, types }: Walk): void {
  for (const literal of schema.enum ?? []) parts.set(`${path}=${JSON.stringify(literal)}`, "");
  if (schema.$ref !== undefined) types.add(nameOf(schema.$ref));
  const required = new Set(schema.required);
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const inner = `${path}.${name}`;
    parts.set(inner, `${property === true ? "any" : typeOf(property)}${required.has(name) ? "" : "?"}`);
    if (property !== true) flatten(property, { path: inner, parts, types });
  }
  if (typeof schema.items === "object") flatten(schema.items, { path: `${path}[]`, parts, types });
  if (typeof schema.additionalProperties === "object")
    flatten(schema.additionalProperties, { path: `${path}{}`, parts, types });
  for (const variant of [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])])
    flatten(variant, { path: `${path}${discriminator(variant)}`, parts, types });
}

/** A variant is named by the literal of its `type`, or by its only property. */
function discriminator({ properties = {} }: JsonSchema): string {
  const { type, ...others } = properties;
  if (typeof type === "object" && type.enum !== undefined) return `[${String(type.enum[0])}]`;
  return type === undefined && Object.keys(others).length === 1 ? `[${Object.keys(others).join()}]` : "";
}

function typeOf({ $ref, type, enum: literals, items, oneOf, anyOf, allOf }: JsonSchema): string {
  if ($ref !== undefined) return nameOf($ref);
  const variants = [...(oneOf ?? []), ...(anyOf ?? []), ...(allOf ?? [])];
  if (variants.length > 0) return [...new Set(variants.map(typeOf))].sort().join(" | ");
  if (literals !== undefined) return "literal";
  const own = typeof type === "string" ? type : [...(type ?? ["any"])].join(" | ");
  return own === "array" && typeof items === "object" ? `${typeOf(items)}[]` : own;
}

function nameOf(reference: string): string {
  return reference.split("/").at(-1) ?? "";
}

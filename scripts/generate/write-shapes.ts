import { itemPaths } from "./item-paths.js";
import { definitionOf, type JsonSchema, type SchemaDefinitions } from "./json-schema.js";
import type { ProtocolSource } from "./protocol-source.js";
import type { Method, Methods, Request } from "./read-methods.js";
import { namedShapes, shapeSpec } from "./shape-spec.js";

/** Writes shapes.ts: the checks of decoding, one line of text each, so that loading costs little. */
export function writeShapes(source: ProtocolSource, methods: Methods): string {
  const { definitions } = source;
  const ofParams = ({ name, params }: Method): [string, JsonSchema] => [name, schemaOf(definitions, params)];
  const ofResult = ({ name, result }: Request): [string, JsonSchema] => [name, schemaOf(definitions, result)];
  const specs = (rows: readonly [string, JsonSchema][], withDefaults = false): [string, string][] =>
    rows.map(([name, schema]) => [name, shapeSpec(definitions, schema, { withDefaults })]);
  const paths = (rows: readonly [string, JsonSchema][]): [string, string][] =>
    rows
      .map(([name, schema]): [string, string] => [name, itemPaths(definitions, schema).join(" ")])
      .filter(([, path]) => path !== "");

  const notifications = methods.notifications.map(ofParams);
  const results = methods.client.map(ofResult);
  const named = namedShapes.map((name): [string, JsonSchema] => [name, schemaOf(definitions, name)]);
  return [
    "// A shape is a list of `key:kinds` (s string, n number, b boolean, o object, a array, 0 null, * any, @X the shape X);",
    "// `key?:` may be absent or null. A path leads to thread items; `[]` means every element.",
    "type Table = Readonly<Record<string, string>>;",
    "",
    table("notificationShapes", specs(notifications)),
    table("notificationItemPaths", paths(notifications)),
    table("requestShapes", specs(methods.server.map(ofParams))),
    table("resultShapes", specs(results)),
    table("resultItemPaths", paths(results)),
    table("itemShapes", itemShapes(definitions)),
    table("namedShapes", specs(named, true)),
  ].join("\n");
}

/** The types of thread items; the discriminant itself is not repeated. */
function itemShapes(definitions: SchemaDefinitions): [string, string][] {
  const variants = definitions.v2["ThreadItem"]?.oneOf ?? [];
  return variants.map((variant) => {
    const discriminant = variant.properties?.["type"];
    const type = discriminant === true ? undefined : discriminant?.enum?.[0];
    if (typeof type !== "string") throw new Error("a thread item without a type");
    return [type, shapeSpec(definitions, variant, { skip: ["type"], withDefaults: true })];
  });
}

/** The bundle has no schema for the params of three methods of the older API; they are not checked. */
function schemaOf(definitions: SchemaDefinitions, type: string): JsonSchema {
  return definitionOf(definitions, type) ?? {};
}

function table(name: string, rows: readonly (readonly [string, string])[]): string {
  return [`export const ${name}: Table = {`, ...rows.map(([key, text]) => `  "${key}": "${text}",`), "};", ""].join(
    "\n",
  );
}

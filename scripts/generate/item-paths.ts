import { resolveSchema, type JsonSchema, type SchemaDefinitions } from "./json-schema.js";

/** Returns the paths of thread items in a schema: "item", "turn.items[]", "data[].turns[].items[]". */
export function itemPaths(definitions: SchemaDefinitions, schema: JsonSchema): string[] {
  const paths = new Set<string>();
  const visit = (node: JsonSchema | true, path: string, above: readonly string[]): void => {
    if (node === true) return;
    const { name, schema: resolved } = resolveSchema(definitions, node);
    if (name === "ThreadItem") {
      paths.add(path);
      return;
    }
    if (name !== undefined && above.includes(name)) return;
    const trail = name === undefined ? above : [...above, name];
    for (const [key, property] of Object.entries(resolved.properties ?? {})) {
      visit(property, path === "" ? key : `${path}.${key}`, trail);
    }
    if (resolved.items !== undefined) visit(resolved.items, `${path}[]`, trail);
    for (const variant of [...(resolved.oneOf ?? []), ...(resolved.anyOf ?? []), ...(resolved.allOf ?? [])]) {
      visit(variant, path, trail);
    }
  };
  visit(schema, "", []);
  return [...paths].sort();
}

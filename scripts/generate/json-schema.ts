/** The part of JSON Schema draft 7 that the binary's generator uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema | true>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema | true;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** The bundle's definitions: root names beside one namespace, "v2". */
export type SchemaDefinitions = Readonly<Record<string, JsonSchema>> & {
  readonly v2: Readonly<Record<string, JsonSchema>>;
};

/** Returns the definition of a type name, v2 first, as in the merged types. */
export function definitionOf(definitions: SchemaDefinitions, name: string): JsonSchema | undefined {
  return definitions.v2[name] ?? (name === "v2" ? undefined : definitions[name]);
}

export interface Resolved {
  /** The name of the last definition on the path, if any. */
  readonly name: string | undefined;
  readonly schema: JsonSchema;
}

/** Follows `$ref`, and an `allOf` with one entry, which only adds a description. */
export function resolveSchema(definitions: SchemaDefinitions, schema: JsonSchema, name?: string): Resolved {
  if (schema.$ref !== undefined) {
    const next = schema.$ref.replace("#/definitions/", "").replace(/^v2\//, "");
    const target = schema.$ref.includes("/v2/") ? definitions.v2[next] : definitions[next];
    if (target === undefined) throw new Error(`unknown ${schema.$ref}`);
    return resolveSchema(definitions, target, next);
  }
  const [only, ...more] = schema.allOf ?? [];
  if (only !== undefined && more.length === 0) return resolveSchema(definitions, only, name);
  return { name, schema };
}

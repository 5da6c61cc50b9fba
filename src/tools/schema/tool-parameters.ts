import type { SchemaPair } from "../../internal/schema-source.js";
import type { StandardSchema } from "../../internal/standard-schema.js";
import type { FromJsonSchema } from "./json-schema-type.js";

/**
 * The schema of a tool's arguments: a Standard Schema that provides its JSON Schema (zod >= 4.2, arktype), a pair of any
 * Standard Schema and a JSON Schema, or a plain JSON Schema. Its top-level type must be an object.
 */
export type ToolParameters = StandardSchema | SchemaPair | Readonly<Record<string, unknown>>;

/** The parameters of a tool without arguments. */
export interface NoParameters extends Readonly<Record<string, unknown>> {
  readonly type: "object";
  readonly properties: Readonly<Record<string, never>>;
}

/** The type of the arguments of `execute`: the output of a Standard Schema, or the type of a JSON Schema literal. */
export type ArgumentsOf<P> =
  P extends SchemaPair<infer S>
    ? StandardSchema.Output<S>
    : P extends StandardSchema
      ? StandardSchema.Output<P>
      : P extends NoParameters
        ? Record<string, never>
        : FromJsonSchema<P>;

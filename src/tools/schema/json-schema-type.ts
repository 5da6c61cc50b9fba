/**
 * The TypeScript type of the values of a JSON Schema literal. It supports `type`, `properties`, `required`, `items`, `enum`,
 * `const`, `anyOf` and `oneOf`; a schema that uses only other keywords is `unknown`.
 */
export type FromJsonSchema<S> = S extends { readonly const: infer Value }
  ? Mutable<Value>
  : S extends { readonly enum: readonly (infer Value)[] }
    ? Mutable<Value>
    : S extends { readonly anyOf: readonly (infer Option)[] }
      ? FromOption<Option>
      : S extends { readonly oneOf: readonly (infer Option)[] }
        ? FromOption<Option>
        : S extends { readonly type: infer Type }
          ? FromType<S, Type>
          : unknown;

type FromOption<Option> = Option extends unknown ? FromJsonSchema<Option> : never;

/** Distributes over a list of types, as in `type: ["string", "null"]`. */
type FromType<S, Type> = Type extends readonly (infer Each)[]
  ? FromType<S, Each>
  : Type extends "string"
    ? FromString<Type>
    : Type extends "number" | "integer"
      ? number
      : Type extends "boolean"
        ? boolean
        : Type extends "null"
          ? null
          : Type extends "array"
            ? S extends { readonly items: infer Items }
              ? FromJsonSchema<Items>[]
              : unknown[]
            : Type extends "object"
              ? FromObject<S>
              : unknown;

/** `unknown` if the schema is not a literal, because then its `type` is any string. */
type FromString<Type> = string extends Type ? unknown : string;

type FromObject<S> = S extends { readonly properties: infer Properties }
  ? Flat<
      { -readonly [Key in Required<S, Properties>]: FromJsonSchema<Properties[Key]> } & {
        -readonly [Key in Exclude<keyof Properties, Required<S, Properties>>]?: FromJsonSchema<Properties[Key]>;
      }
    >
  : S extends { readonly additionalProperties: infer Values }
    ? Values extends boolean
      ? Record<string, unknown>
      : Record<string, FromJsonSchema<Values>>
    : Record<string, unknown>;

type Required<S, Properties> = S extends { readonly required: readonly (infer Key)[] }
  ? Extract<keyof Properties, Key>
  : never;

type Flat<T> = { [Key in keyof T]: T[Key] };

type Mutable<T> = T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> } : T;

/**
 * The parts of the Standard Schema interface (v1, with its JSON Schema extension) that codexkit uses. The type is
 * structural, so that it depends on no validator and accepts any version of any library.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardSchema.Result<Output> | Promise<StandardSchema.Result<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly jsonSchema?: { readonly input: (options: { readonly target: "draft-07" }) => unknown } | undefined;
  };
}

// eslint-disable-next-line @typescript-eslint/no-namespace -- the types belong to the interface, as in the standard itself
export declare namespace StandardSchema {
  export type Result<Output> =
    { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly Issue[] };
  export interface Issue {
    readonly message: string;
    readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  }
  export type Output<S extends StandardSchema> = NonNullable<S["~standard"]["types"]>["output"];
}

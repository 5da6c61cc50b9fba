/** The object without its undefined entries, so that they do not override others when it is laid over them. */
export function withoutUndefined<O extends object>(value: O): Partial<O> {
  const given: Partial<O> = { ...value };
  for (const [name, entry] of Object.entries(value)) if (entry === undefined) Reflect.deleteProperty(given, name);
  return given;
}

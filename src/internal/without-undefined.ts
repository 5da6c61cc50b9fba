/** Returns a copy without the undefined entries, so that a spread of it does not override others with undefined. */
export function withoutUndefined<O extends object>(value: O): Partial<O> {
  const given: Partial<O> = { ...value };
  for (const [name, entry] of Object.entries(value)) if (entry === undefined) Reflect.deleteProperty(given, name);
  return given;
}

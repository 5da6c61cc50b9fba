/** What an error says, or null where it says nothing. Never throws, whatever was thrown: one may fail when it is read. */
export function errorText(error: unknown): string | null {
  try {
    if (typeof error === "string") return error;
    if (!(error instanceof Error)) return null;
    const said: unknown = error.message === "" ? error.name : error.message;
    return typeof said === "string" ? said : null;
  } catch {
    return null;
  }
}

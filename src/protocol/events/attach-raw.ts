/**
 * Sets the source line of an event if there is one, as a property that is not enumerable: JSON, logs and comparisons omit
 * it. The line may be a part of a chunk of 64 KB that it would keep in memory, so the event gets a copy.
 */
export function attachRaw<Event extends object>(event: Event, raw: string | undefined): Event {
  return raw === undefined ? event : Object.defineProperty(event, "raw", { value: copyOf(raw) });
}

/** A part of a new string, which nothing else uses, keeps only that string in memory. */
function copyOf(text: string): string {
  return `${text} `.slice(0, -1);
}

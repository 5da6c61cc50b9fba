/** Gives an event its source line, as a property that no JSON, no log and no comparison sees. */
export function attachRaw<Event extends object>(event: Event, raw: string): Event {
  return Object.defineProperty(event, "raw", { value: raw });
}

/** Returns a random UUID. The global `crypto` has none in a renderer without a secure context, and in jsdom. */
export function randomId(): string {
  // Loaded on first use: an import of node:crypto costs three to five milliseconds.
  // eslint-disable-next-line no-restricted-globals -- a module of Node, not a property of the host program
  return process.getBuiltinModule("node:crypto").randomUUID();
}

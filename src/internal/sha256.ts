/** Returns the SHA-256 of a text in hexadecimal digits. */
export function sha256(text: string): string {
  // Loaded on first use: an import of node:crypto costs three to five milliseconds.
  // eslint-disable-next-line no-restricted-globals -- a module of Node, not a property of the host program
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(text).digest("hex");
}

import { randomBytes } from "node:crypto";

/** A version 7 UUID, the kind that codex gives its threads and turns. */
export function createUuid(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  const random = randomBytes(10).toString("hex");
  const variant = "89ab".charAt(randomBytes(1).readUInt8() % 4);
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${random.slice(0, 3)}`,
    `${variant}${random.slice(3, 6)}`,
    random.slice(6, 18),
  ].join("-");
}

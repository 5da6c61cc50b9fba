import { readdirSync, readFileSync } from "node:fs";
import { parseJson, isJsonObject, type JsonObject, type JsonValue } from "../../../src/internal/json.js";
import { createExecDecoder, decodeNotification, type ServerEvent, type Wire } from "../../../src/protocol/index.js";

const fixtures = new URL("../../fixtures/wire/", import.meta.url);

export interface WireFixture {
  readonly wire: Wire;
  readonly name: string;
  readonly lines: readonly string[];
}

/** Every file of lines that the real binary wrote, of every version. */
export function readWireFixtures(): WireFixture[] {
  return readdirSync(fixtures, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .map((name) => ({
      wire: name.includes("app-server") ? "app-server" : "exec",
      name,
      lines: readFileSync(new URL(name, fixtures), "utf8").split("\n").filter(Boolean),
    }));
}

/** The requests that the server sent, out of the app-server's lines. */
export function readServerRequests(): JsonObject[] {
  return readWireFixtures()
    .flatMap(({ lines }) => lines.map(toObject))
    .filter((message) => message["method"] !== undefined && message["id"] !== undefined);
}

/** Results of the real app-server, with their methods. */
export function readResults(): JsonObject[] {
  const results = parseJson(readFileSync(new URL("0.169.0/app-server/results.json", fixtures), "utf8"));
  if (!Array.isArray(results)) throw new Error("results.json is no list");
  return results.filter(isJsonObject);
}

/** The events of a whole fixture; requests of the server are no events and left out. */
export function decodeFixture({ wire, lines }: WireFixture): { line: string; event: ServerEvent }[] {
  const exec = createExecDecoder();
  return lines
    .filter((line) => wire === "exec" || toObject(line)["id"] === undefined)
    .map((line) => ({ line, event: wire === "exec" ? exec.decode(line) : decodeNotification(toObject(line), line) }));
}

export function toObject(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Error(`no object: ${text}`);
  return value;
}

/** JSON text with sorted keys: equal for equal values, and `__proto__` counts as any other key. */
export function canonical(value: JsonValue | undefined): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** What is left of an event after it went through JSON. */
export function cloneByJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** A field that must be a text. */
export function textOf(object: JsonObject | undefined, key: string): string {
  const value = object?.[key];
  if (typeof value !== "string") throw new Error(`${key} is no text`);
  return value;
}

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseJson, isJsonObject, type JsonObject, type JsonValue } from "../../../src/internal/json.js";
import { createExecDecoder, decodeNotification, type ServerEvent, type Wire } from "../../../src/protocol/index.js";
import { type RecordedEntry, readRecording, type Recording } from "../../../src/testing/index.js";
import { lineText } from "../../../src/testing/record/recording.js";

export const fixtureFolder = fileURLToPath(new URL("../../fixtures/wire/", import.meta.url));

export interface WireFixture {
  readonly wire: Wire;
  /** The version, the transport and the scenario. */
  readonly name: string;
  readonly recording: Recording;
  /** The lines that codex wrote to its output, without its answers to the client's requests. */
  readonly lines: readonly string[];
}

let fixtures: WireFixture[] | undefined;

/** Every recording of the real binary, of every version. */
export function readWireFixtures(): WireFixture[] {
  fixtures ??= readdirSync(fixtureFolder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".recording.jsonl"))
    .sort()
    .map((name) => toFixture(name.replaceAll("\\", "/")));
  return fixtures;
}

function toFixture(name: string): WireFixture {
  const recording = readRecording(`${fixtureFolder}${name}`);
  const output = outputOf(recording);
  const wire = name.includes("app-server") ? "app-server" : "exec";
  const lines = wire === "exec" ? output : output.filter((line) => toObject(line)["method"] !== undefined);
  return { wire, name: name.replace(".recording.jsonl", ""), recording, lines };
}

function outputOf({ processes }: Recording): string[] {
  return processes.flatMap(({ entries }) => entries.filter(isOutput).map(lineText));
}

function isOutput(entry: RecordedEntry): entry is Extract<RecordedEntry, { readonly type: "stdout" }> {
  return entry.type === "stdout";
}

/** The requests that the server sent, out of the app-server's lines. */
export function readServerRequests(): JsonObject[] {
  return readWireFixtures()
    .filter(({ wire }) => wire === "app-server")
    .flatMap(({ lines }) => lines.map(toObject))
    .filter((message) => message["id"] !== undefined);
}

/** Answers of the real app-server, with the methods that they answer. */
export function readResults(): JsonObject[] {
  return readWireFixtures()
    .filter(({ wire }) => wire === "app-server")
    .flatMap(({ recording }) => recording.processes)
    .flatMap(({ entries }) => {
      const messages = entries.flatMap((entry) => {
        const isMessage = entry.type === "stdin" || entry.type === "stdout";
        return isMessage ? [{ from: entry.type, message: toObject(lineText(entry)) }] : [];
      });
      // Its answers to the server's requests have ids of the server's own counting.
      const sent = messages.filter(({ from, message }) => from === "stdin" && message["method"] !== undefined);
      const methods = new Map(sent.map(({ message }) => [message["id"], message["method"]]));
      return messages
        .filter(({ from, message }) => from === "stdout" && message["result"] !== undefined)
        .map(({ message: { id, result } }): JsonObject => ({ method: methods.get(id), result }));
    });
}

/** The events of a whole fixture, without the requests of the server. */
export function decodeFixture(
  { wire, lines }: WireFixture,
  { keepRaw = false }: { readonly keepRaw?: boolean } = {},
): { line: string; event: ServerEvent }[] {
  const exec = createExecDecoder({ keepRaw });
  return lines
    .filter((line) => wire === "exec" || toObject(line)["id"] === undefined)
    .map((line) => ({
      line,
      event: wire === "exec" ? exec.decode(line) : decodeNotification(toObject(line), keepRaw ? line : undefined),
    }));
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

/** Returns the event after a round trip through JSON. */
export function cloneByJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** A field that must be a text. */
export function textOf(object: JsonObject | undefined, key: string): string {
  const value = object?.[key];
  if (typeof value !== "string") throw new Error(`${key} is no text`);
  return value;
}

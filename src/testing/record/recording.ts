import { readFileSync } from "node:fs";
import { ProtocolError } from "../../errors/protocol-error.js";
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../internal/json.js";

/** The three pipes of a process. */
export type RecordedStream = "stdin" | "stdout" | "stderr";

/** One thing that a recorded process did, or that was done to it. Its place in the file is its place in time. */
export type RecordedEntry = RecordedStart | RecordedLine | RecordedEnd | RecordedSignal | RecordedExit;

interface OfProcess {
  /** Which process: unique in its recording. */
  readonly process: string;
  /** Milliseconds since that process was started. */
  readonly at: number;
}

/** Codex was started. */
export interface RecordedStart extends OfProcess {
  readonly type: "start";
  /** Codex's own process id while it ran. */
  readonly pid: number;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The names of the variables in its environment; their values are not recorded. */
  readonly env: readonly string[];
  /** What the file behind `--output-schema` held. */
  readonly outputSchema?: JsonValue | undefined;
}

/** A line that went through a pipe, in one of three spellings. */
export interface RecordedLine extends OfProcess {
  readonly type: RecordedStream;
  /** The value of a line that is compact JSON: `JSON.stringify` gives the line back, character by character. */
  readonly json?: JsonValue | undefined;
  /** Any other line, without its line feed. */
  readonly line?: string | undefined;
  /** What came after the last line feed. */
  readonly tail?: string | undefined;
}

/** A pipe was closed. */
export interface RecordedEnd extends OfProcess {
  readonly type: "end";
  readonly stream: RecordedStream;
}

/** A signal was sent to codex. (SIGKILL cannot be seen coming: then there is no `exit`.) */
export interface RecordedSignal extends OfProcess {
  readonly type: "signal";
  readonly signal: string;
}

/** Codex ended by itself. */
export interface RecordedExit extends OfProcess {
  readonly type: "exit";
  readonly code: number | null;
  readonly signal: string | null;
}

/** One process of a recording. */
export interface RecordedProcess {
  readonly id: string;
  readonly start: RecordedStart;
  /** Everything after the start, in order. */
  readonly entries: readonly RecordedEntry[];
}

/** What went through the pipes of every codex that was started from one recorder. */
export interface Recording {
  /** The version of the codex that was recorded, or null where it did not tell. */
  readonly codexVersion: string | null;
  /** In the order in which they were started. */
  readonly processes: readonly RecordedProcess[];
}

/** The format's version. A reader refuses one that it does not know. */
export const recordingVersion = 1;

/**
 * Reads a recording from its file. Throws a `ProtocolError` where the file is none, with the number of the line, and the
 * system's own error where it cannot be read.
 *
 * @example
 * ```ts compile
 * import { readRecording } from "codexkit/testing";
 *
 * const { processes } = readRecording("review.recording.jsonl");
 * console.log(processes.map(({ start }) => start.argv));
 * ```
 */
export function readRecording(file: string): Recording {
  return parseRecording(readFileSync(file, "utf8"), file);
}

/** A recording from its text; `name` is what an error calls it. */
export function parseRecording(text: string, name = "the recording"): Recording {
  const [first = "", ...rest] = text.split("\n");
  const codexVersion = readHeader(first, name);
  const processes = new Map<string, { id: string; start: RecordedStart; entries: RecordedEntry[] }>();
  rest.forEach((line, index) => {
    if (line === "") return;
    const entry = readEntry(line, `${name}, line ${String(index + 2)}`);
    const { process: id } = entry;
    if (entry.type === "start") processes.set(id, { id, start: entry, entries: [] });
    else processes.get(id)?.entries.push(entry);
  });
  return { codexVersion, processes: [...processes.values()] };
}

/** The text of a line as it went through the pipe, without its line feed. */
export function lineText({ json, line, tail }: RecordedLine): string {
  return line ?? tail ?? JSON.stringify(json);
}

/** The value of a line that is JSON, in whichever spelling; else undefined. */
export function lineValue(entry: RecordedLine): JsonValue | undefined {
  return entry.json ?? parseJson(lineText(entry));
}

/** True for a line of this pipe, and for one of any pipe where none is named. */
export function isLineOf(entry: RecordedEntry, stream?: RecordedStream): entry is RecordedLine {
  if (entry.type !== "stdin" && entry.type !== "stdout" && entry.type !== "stderr") return false;
  return stream === undefined || entry.type === stream;
}

function readHeader(line: string, name: string): string | null {
  const header = parseJson(line);
  if (!isJsonObject(header) || header["type"] !== "recording")
    throw new ProtocolError(`${name} is not a recording of codex: its first line is no {"type":"recording"}.`);
  if (header["version"] !== recordingVersion)
    throw new ProtocolError(
      `${name} is a recording of version ${JSON.stringify(header["version"])}; this codexkit reads version ${String(recordingVersion)}. Record it again.`,
    );
  return typeof header["codexVersion"] === "string" ? header["codexVersion"] : null;
}

function readEntry(line: string, place: string): RecordedEntry {
  const value = parseJson(line);
  if (isJsonObject(value) && isEntry(value)) return value;
  throw new ProtocolError(`${place}: this is no entry of a recording: ${line.slice(0, 80)}`);
}

function isEntry(value: JsonObject): value is JsonObject & RecordedEntry {
  const { type, process, at } = value;
  if (typeof process !== "string" || typeof at !== "number") return false;
  switch (type) {
    case "start":
      return (
        typeof value["pid"] === "number" &&
        isTexts(value["argv"]) &&
        typeof value["cwd"] === "string" &&
        isTexts(value["env"])
      );
    case "stdin":
    case "stdout":
    case "stderr":
      return value["json"] !== undefined || typeof (value["line"] ?? value["tail"]) === "string";
    case "end":
      return typeof value["stream"] === "string";
    case "signal":
      return typeof value["signal"] === "string";
    case "exit":
      return isOrNull(value["code"], "number") && isOrNull(value["signal"], "string");
    default:
      return false;
  }
}

function isTexts(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.every((part: unknown) => typeof part === "string");
}

function isOrNull(value: JsonValue | undefined, type: "number" | "string"): boolean {
  return value === null || typeof value === type;
}

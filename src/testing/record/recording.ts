import { readFileSync } from "node:fs";
import { ProtocolError } from "../../errors/protocol-error.js";
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../internal/json.js";

/** The three pipes of a process. */
export type RecordedStream = "stdin" | "stdout" | "stderr";

/** One event of a recorded process. The entries of a file are in the order of time. */
export type RecordedEntry = RecordedStart | RecordedLine | RecordedEnd | RecordedSignal | RecordedExit;

interface OfProcess {
  /** The id of the process, unique in its recording. */
  readonly process: string;
  /** Milliseconds since the start of the process. */
  readonly at: number;
}

/** The start of codex. */
export interface RecordedStart extends OfProcess {
  readonly type: "start";
  /** Codex's own process id. */
  readonly pid: number;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The names of its environment variables. Their values are not recorded. */
  readonly env: readonly string[];
  /** The content of the file that `--output-schema` names. */
  readonly outputSchema?: JsonValue | undefined;
}

/** A line that passed through a pipe, in one of three forms. */
export interface RecordedLine extends OfProcess {
  readonly type: RecordedStream;
  /** The value of a line that is compact JSON: `JSON.stringify` returns exactly the line. */
  readonly json?: JsonValue | undefined;
  /** Any other line, without its line feed. */
  readonly line?: string | undefined;
  /** The text after the last line feed. */
  readonly tail?: string | undefined;
}

/** The end of a pipe. */
export interface RecordedEnd extends OfProcess {
  readonly type: "end";
  readonly stream: RecordedStream;
}

/** A signal that was sent to codex. SIGKILL cannot be recorded; the process then has no `exit`. */
export interface RecordedSignal extends OfProcess {
  readonly type: "signal";
  readonly signal: string;
}

/** The end of codex. */
export interface RecordedExit extends OfProcess {
  readonly type: "exit";
  readonly code: number | null;
  readonly signal: string | null;
}

/** One process of a recording. */
export interface RecordedProcess {
  readonly id: string;
  readonly start: RecordedStart;
  /** The entries after the start, in order. */
  readonly entries: readonly RecordedEntry[];
}

/** The recorded processes of one recorder, with everything that passed through their pipes. */
export interface Recording {
  /** The version of the recorded codex, or `null` if it is unknown. */
  readonly codexVersion: string | null;
  /** The processes, in the order in which they were started. */
  readonly processes: readonly RecordedProcess[];
}

/** The version of the format. Other versions are rejected. */
export const recordingVersion = 1;

/**
 * Reads a recording from its file.
 *
 * @throws ProtocolError if the file is not a recording, with the number of the wrong line.
 * @throws the system's error if the file cannot be read.
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

/**
 * Parses a recording from its text. `name` identifies the recording in errors.
 *
 * @throws ProtocolError if the text is not a recording, with the number of the wrong line.
 */
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

/** Returns the text of a line as it passed through the pipe, without its line feed. */
export function lineText({ json, line, tail }: RecordedLine): string {
  return line ?? tail ?? JSON.stringify(json);
}

/** Returns the value of a line that is JSON, in any of the forms. Returns undefined for other lines. */
export function lineValue(entry: RecordedLine): JsonValue | undefined {
  return entry.json ?? parseJson(lineText(entry));
}

/** Returns true for a line of this pipe. Without `stream`, returns true for a line of any pipe. */
export function isLineOf(entry: RecordedEntry, stream?: RecordedStream): entry is RecordedLine {
  if (entry.type !== "stdin" && entry.type !== "stdout" && entry.type !== "stderr") return false;
  return stream === undefined || entry.type === stream;
}

function readHeader(line: string, name: string): string | null {
  const header = parseJson(line);
  if (!isJsonObject(header) || header["type"] !== "recording")
    throw new ProtocolError(`${name} is not a recording of codex: its first line must be {"type":"recording", ...}.`);
  if (header["version"] !== recordingVersion)
    throw new ProtocolError(
      `${name} is a recording of version ${JSON.stringify(header["version"])}; this codexkit reads version ${String(recordingVersion)}. Record it again.`,
    );
  return typeof header["codexVersion"] === "string" ? header["codexVersion"] : null;
}

function readEntry(line: string, place: string): RecordedEntry {
  const value = parseJson(line);
  if (isJsonObject(value) && isEntry(value)) return value;
  throw new ProtocolError(`${place} is not an entry of a recording: ${line.slice(0, 80)}`);
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

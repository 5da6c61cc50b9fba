import type { JsonObject, JsonValue } from "../../src/protocol/index.js";
import type { RecordedEntry, RecordedProcess, Recording } from "../../src/testing/index.js";
import { asObject } from "../../src/internal/json.js";
import { scrub } from "./scrub.js";

/**
 * Returns a recording in a form that is equal for equal behaviour, one JSON text per line: for each process its
 * arguments, the client's requests with their answers, the messages of each thread in order with joined output deltas,
 * and its end. codex reports tokens, status, the start of MCP servers and the end of sub-agents from other tasks than
 * the work, so each of these kinds has its own order behind the work. Messages without a thread are in alphabetical order. Values that
 * change from run to run (ids, times, paths) are scrubbed.
 */
export function toCanonical(recording: Recording): string {
  const lines = recording.processes.flatMap((process, index) =>
    canonicalProcess(process).map((part) => ({ process: index + 1, ...part })),
  );
  return scrub(lines)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
}

function canonicalProcess({ start, entries }: RecordedProcess): JsonObject[] {
  const isExec = start.argv[0] === "exec";
  const { outputSchema } = start;
  return [
    { argv: start.argv, ...(outputSchema === undefined ? {} : { outputSchema }) },
    ...(isExec ? execParts(entries) : appServerParts(entries)),
    ...entries.flatMap((entry): JsonObject[] => (entry.type === "signal" ? [{ signal: entry.signal }] : [])),
    endOf(entries),
  ];
}

function endOf(entries: readonly RecordedEntry[]): JsonObject {
  const exit = entries.find(({ type }) => type === "exit");
  return exit?.type === "exit" ? { exit: { code: exit.code, signal: exit.signal } } : { exit: "was killed" };
}

function execParts(entries: readonly RecordedEntry[]): JsonObject[] {
  const prompt = linesOf(entries, "stdin").map(textOf).join("\n");
  return [{ stdin: prompt }, ...linesOf(entries, "stdout").map((line) => ({ stdout: valueOf(line) }))];
}

function appServerParts(entries: readonly RecordedEntry[]): JsonObject[] {
  const sent = linesOf(entries, "stdin").map(messageOf);
  const received = linesOf(entries, "stdout").map(messageOf);
  const isAnswer = ({ method }: JsonObject): boolean => method === undefined;
  const answers = new Map(received.filter(isAnswer).map((answer) => [answer["id"], answer]));
  const decisions = new Map(sent.filter(isAnswer).map((answer) => [answer["id"], answer]));
  const requests = sent
    .filter((message) => !isAnswer(message))
    .map((request): JsonObject => {
      const { id, ...answer } = answers.get(request["id"]) ?? {};
      const { id: _id, ...question } = request;
      return id === undefined ? { request: question } : { request: question, answer };
    });
  const messages = received.filter((message) => !isAnswer(message) && !isByChance(message));
  return [...requests, ...inThreads(joinDeltas(messages), decisions)];
}

/**
 * Notifications about the machine or the limits of the service, which are independent of the scenario, and the output
 * of running commands: output before codex listens is only in the completed item, so the amount of the rest is random.
 */
function isByChance({ method, params }: JsonObject): boolean {
  if (method === "item/commandExecution/outputDelta") return true;
  if (method === "configWarning") return JSON.stringify(params).includes("bubblewrap");
  return method === "account/rateLimits/updated";
}

function inThreads(messages: readonly JsonObject[], decisions: ReadonlyMap<unknown, JsonObject>): JsonObject[] {
  const lanes = new Map<string, JsonObject[]>();
  for (const message of messages) {
    const { id, emittedAtMs: _at, ...rest } = message;
    const thread = threadOf(message);
    const line = { thread, message: rest, ...(id === undefined ? {} : { decision: decisions.get(id)?.["result"] }) };
    const lane = `${thread} ${laneOf(rest)}`;
    const before = lanes.get(lane) ?? [];
    if (!isRepeatedUsage(line, before.at(-1))) lanes.set(lane, [...before, line]);
  }
  const ofNoThread = [...lanes].flatMap(([lane, lines]) => (lane.startsWith(" ") ? lines : []));
  const ofThreads = [...lanes].filter(([lane]) => !lane.startsWith(" ")).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...ofNoThread.sort(byText), ...ofThreads.flatMap(([, lines]) => lines)];
}

/** Codex reports the same usage again, or does not, when a turn is interrupted: it depends on the time. */
function isRepeatedUsage(line: JsonObject, before: JsonObject | undefined): boolean {
  const { method } = asObject(line["message"]);
  return method === "thread/tokenUsage/updated" && JSON.stringify(line) === JSON.stringify(before);
}

/** Empty for the work itself, which comes first; otherwise the kind of the parallel task. */
function laneOf({ method, params }: JsonObject): string {
  if (typeof method !== "string") return "";
  if (besideTheWork.test(method)) return method;
  const { type, kind } = asObject(asObject(params)["item"]);
  return type === "subAgentActivity" && kind === "completed" ? "subAgentActivity completed" : "";
}

const besideTheWork = /^(?:thread\/(?:tokenUsage|status|readState|closed)|mcpServer)\b/;

function byText(a: JsonObject, b: JsonObject): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

function threadOf({ params }: JsonObject): string {
  const { threadId, thread } = asObject(params);
  const id = threadId ?? asObject(thread)["id"];
  return typeof id === "string" ? id : "";
}

/** Joins all deltas of one item at the position of the first, because codex splits text and output at random. */
function joinDeltas(messages: readonly JsonObject[]): JsonObject[] {
  const joined = new Map<string, { message: JsonObject; text: string }>();
  const parts = messages.map((message) => {
    const { delta, ...rest } = asObject(message["params"]);
    const isDelta = typeof delta === "string";
    const key = isDelta ? JSON.stringify([message["method"], rest]) : "";
    const first = joined.get(key);
    if (!isDelta) return { message, text: null };
    if (first !== undefined) {
      first.text += delta;
      return null;
    }
    const part = { message, text: delta };
    joined.set(key, part);
    return part;
  });
  return parts.flatMap((part) => {
    if (part === null) return [];
    const { message, text } = part;
    return text === null ? [message] : [{ ...message, params: { ...asObject(message["params"]), delta: text } }];
  });
}

type Line = Extract<RecordedEntry, { readonly type: "stdin" | "stdout" | "stderr" }>;

function linesOf(entries: readonly RecordedEntry[], type: "stdin" | "stdout"): Line[] {
  return entries.flatMap((entry) => (entry.type === type ? [entry] : []));
}

function textOf({ json, line, tail }: Line): string {
  return line ?? tail ?? JSON.stringify(json);
}

/** A line of JSON in another form than that of `JSON.stringify` has the same value. */
function valueOf(line: Line): JsonValue {
  if (line.json !== undefined) return line.json;
  try {
    const value: unknown = JSON.parse(textOf(line));
    return isJson(value) ? value : textOf(line);
  } catch {
    return textOf(line);
  }
}

function isJson(value: unknown): value is JsonValue {
  return value !== undefined;
}

function messageOf(line: Line): JsonObject {
  const value = valueOf(line);
  return typeof value === "string" ? { method: "no message", params: { text: value } } : asObject(value);
}

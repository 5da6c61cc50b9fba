// Decodes a recorded stream repeatedly, in the two compared ways.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { createLineSplitter } from "../../src/internal/lines/line-splitter.js";
import { decodeNotification } from "../../src/protocol/index.js";
import { lineText, readRecording } from "../../src/testing/record/recording.js";
import { readMessage } from "../../src/rpc/read-message.js";
import { answerCalls } from "../clients/answer-calls.js";

interface Call {
  readonly way: "bare" | "codexkit";
  readonly stream: "deltas" | "mixed";
}

const lineCount = 100_000;
const chunkBytes = 64 * 1024;
const streams = { deltas: toChunks(deltaLines()), mixed: toChunks(recordedLines()) };
const ways = { bare: parseBare, codexkit: decodeEvents };

answerCalls(async (call) => {
  const { way, stream } = call as Call;
  const started = performance.now();
  const count = ways[way](streams[stream]);
  const seconds = (performance.now() - started) / 1000;
  if (count !== lineCount) throw new Error(`${way} found ${count} of ${lineCount} lines`);
  return Promise.resolve({ linesPerSecond: lineCount / seconds });
});

function decodeEvents(chunks: readonly Uint8Array[]): number {
  const splitter = createLineSplitter();
  let typed = 0;
  for (const chunk of chunks) {
    for (const line of splitter.push(chunk)) {
      const message = readMessage(line);
      if (message.kind !== "notification") continue;
      if (decodeNotification(message.message).type !== "codexkit.unknown") typed += 1;
    }
  }
  return typed;
}

function parseBare(chunks: readonly Uint8Array[]): number {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let parsed = 0;
  for (const chunk of chunks) {
    const lines = (rest + decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if ((JSON.parse(line) as { readonly method: string }).method !== "") parsed += 1;
  }
  return parsed;
}

function deltaLines(): string[] {
  const place = {
    threadId: "01a20689-6f1c-7a30-b5f3-0c1f4f0b6a11",
    turnId: "01a20689-7a9b-7f52-9d6e-5a9be5d0a122",
    itemId: "msg_1",
  };
  return Array.from({ length: lineCount }, (_, index) =>
    JSON.stringify({
      method: "item/agentMessage/delta",
      params: { ...place, delta: `word ${index} ` },
      emittedAtMs: 1_795_406_048_957 + index,
    }),
  );
}

/** Returns all recorded notifications of the real binary, repeatedly. */
function recordedLines(): string[] {
  const [folder = ""] = process.argv.slice(2);
  const recorded = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".recording.jsonl") && file.includes("app-server"))
    .flatMap((file) => readRecording(join(folder, file)).processes)
    .flatMap(({ entries }) => entries.flatMap((entry) => (entry.type === "stdout" ? [lineText(entry)] : [])))
    .filter((line) => readMessage({ text: line, truncated: false }).kind === "notification");
  return Array.from({ length: lineCount }, (_, index) => recorded[index % recorded.length] ?? "");
}

function toChunks(lines: readonly string[]): Uint8Array[] {
  const bytes = Buffer.from(`${lines.join("\n")}\n`);
  const count = Math.ceil(bytes.length / chunkBytes);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes));
}

import type { ThreadStatus, UserInput, WireThreadItem } from "../../../protocol/generated/types.js";
import { createUuid, type FakeThread } from "./fake-thread.js";
import type { TurnIds } from "../../script/fake-parts.js";
import type { TurnPort } from "./turn-port.js";
import { newestCodex } from "../newest-codex.js";

/** An item in the protocol's form, of the types that a fake creates. */
export type FakeItem = Exclude<WireThreadItem, { readonly type: "collabAgentToolCall" }>;

/** Sends the notifications of a turn to the client and adds its messages to the thread's history for the model. */
export class TurnWriter {
  readonly thread: FakeThread;
  readonly port: TurnPort;
  readonly ids: TurnIds;

  constructor(thread: FakeThread, turnId: string, port: TurnPort) {
    this.thread = thread;
    this.port = port;
    this.ids = { threadId: thread.id, turnId };
  }

  start(item: FakeItem): void {
    this.port.notify("item/started", { item, ...this.ids, startedAtMs: Date.now() });
  }

  complete(item: FakeItem): void {
    this.port.notify("item/completed", { item, ...this.ids, contentTokenCount: null, completedAtMs: Date.now() });
  }

  status(status: ThreadStatus): void {
    this.port.notify("thread/status/changed", { threadId: this.thread.id, status });
  }

  /** Sends the token usage. Like codex, it sends nothing before a response of the thread has reported its usage. */
  usage(): void {
    const { total, last } = this.thread;
    if (total.totalTokens === 0) return;
    const tokenUsage = { total, last, modelContextWindow: newestCodex.contextWindow };
    this.port.notify("thread/tokenUsage/updated", { ...this.ids, tokenUsage });
  }

  /** Sends the user's input as an item and adds it to the history. */
  addUserInput(content: readonly UserInput[]): void {
    const item: FakeItem = { type: "userMessage", id: createUuid(), clientId: null, content };
    this.start(item);
    this.complete(item);
    const texts = content.map(describeInput);
    if (this.thread.preview === "") this.thread.preview = texts.join("\n");
    this.#remember("user", "input_text", texts);
  }

  rememberMessage(text: string): void {
    this.#remember("assistant", "output_text", [text]);
  }

  rememberOutput(callId: string, output: string): void {
    this.thread.history.push({ type: "function_call_output", call_id: callId, output });
  }

  #remember(role: string, type: string, texts: readonly string[]): void {
    this.thread.history.push({ type: "message", role, content: texts.map((text) => ({ type, text })) });
  }
}

function describeInput(part: UserInput): string {
  if (part.type === "text") return part.text;
  if ("path" in part) return `<${part.type} path="${part.path}">`;
  return `<${part.type}>`;
}

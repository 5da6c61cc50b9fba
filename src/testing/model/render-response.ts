import type { JsonObject } from "../../internal/json.js";
import type { Deltas, MessageItem, ModelItem, ReasoningItem } from "../script/model-items.js";
import type { Hold } from "../script/hold.js";
import type { PacePart, ResponseEnd, ResponseStep, UsagePart } from "../script/model-step.js";

/** An event of the Responses API. */
export interface ResponseEvent extends JsonObject {
  readonly type: `response.${string}`;
}

/** Returns the next unused id: `msg_1`, `call_2` and so on. */
export type IdSource = (prefix: "resp" | "msg" | "rs" | "call" | "fc" | "ws") => string;

export function createIdSource(): IdSource {
  let count = 0;
  return (prefix) => `${prefix}_${String(++count)}`;
}

/** Yields the events of a response in order, with the holds and pace changes between them. */
export function* renderResponse(step: ResponseStep, nextId: IdSource): Generator<ResponseEvent | Hold | PacePart> {
  const id = nextId("resp");
  let tokens: UsagePart | undefined;
  yield { type: "response.created", response: { id } };
  for (const [index, part] of step.parts.entries()) {
    if (part.type === "usage") tokens = part;
    else if (isItem(part)) yield* renderItem(part, index, nextId);
    else yield part;
  }
  yield* renderEnd(step.end, id, tokens);
}

/** True for an item of the model, as opposed to a hold, a pace or a usage. */
function isItem(part: { readonly type: string }): part is ModelItem {
  return ["message", "reasoning", "functionCall", "customToolCall", "webSearch"].includes(part.type);
}

function* renderItem(item: ModelItem, index: number, nextId: IdSource): Generator<ResponseEvent | Hold> {
  switch (item.type) {
    case "message":
      yield* renderMessage(item, index, nextId);
      return;
    case "reasoning":
      yield* renderReasoning(item, index, nextId);
      return;
    case "functionCall": {
      const { namespace, name } = item;
      const call = { type: "function_call", id: nextId("fc"), call_id: item.callId ?? nextId("call"), name };
      const rest = { arguments: item.arguments, ...(namespace === undefined ? {} : { namespace }) };
      yield done(index, { ...call, ...rest });
      return;
    }
    case "customToolCall": {
      const { name, input } = item;
      const call_id = item.callId ?? nextId("call");
      yield done(index, { type: "custom_tool_call", id: nextId("fc"), call_id, name, input });
      return;
    }
    case "webSearch": {
      const { query } = item;
      const id = item.id ?? nextId("ws");
      yield added(index, { type: "web_search_call", id, status: "in_progress" });
      const action = { type: "search", query, queries: [query] };
      yield done(index, { type: "web_search_call", id, status: "completed", action });
      return;
    }
  }
}

function* renderMessage(item: MessageItem, index: number, nextId: IdSource): Generator<ResponseEvent | Hold> {
  const id = item.id ?? nextId("msg");
  const base = { type: "message", role: "assistant", id, ...(item.phase === undefined ? {} : { phase: item.phase }) };
  yield added(index, { ...base, content: [] });
  yield* renderDeltas(item.deltas, (delta) => ({
    type: "response.output_text.delta",
    item_id: id,
    output_index: index,
    content_index: 0,
    delta,
  }));
  if (!item.unfinished) yield done(index, { ...base, content: [{ type: "output_text", text: item.text }] });
}

function* renderReasoning(item: ReasoningItem, index: number, nextId: IdSource): Generator<ResponseEvent | Hold> {
  const id = item.id ?? nextId("rs");
  yield added(index, { type: "reasoning", id, summary: [] });
  for (const [summaryIndex, text] of item.summary.entries()) {
    const position = { item_id: id, output_index: index, summary_index: summaryIndex };
    const part = { type: "summary_text", text: "" };
    yield { type: "response.reasoning_summary_part.added", ...position, part };
    yield* renderDeltas(summaryIndex === 0 ? item.deltas : [text], (delta) => ({
      type: "response.reasoning_summary_text.delta",
      ...position,
      delta,
    }));
  }
  const summary = item.summary.map((text) => ({ type: "summary_text", text }));
  yield done(index, { type: "reasoning", id, summary, encrypted_content: "scripted" });
}

function* renderDeltas(deltas: Deltas, toEvent: (delta: string) => ResponseEvent): Generator<ResponseEvent | Hold> {
  for (const delta of deltas) yield typeof delta === "string" ? toEvent(delta) : delta;
}

function* renderEnd(end: ResponseEnd, id: string, tokens: UsagePart | undefined): Generator<ResponseEvent> {
  if (end.type === "completed") {
    yield { type: "response.completed", response: { id, ...(tokens === undefined ? {} : { usage: toUsage(tokens) }) } };
  } else if (end.type === "failed") {
    yield { type: "response.failed", response: { id, error: { code: end.code, message: end.message } } };
  } else if (end.type === "incomplete") {
    yield { type: "response.incomplete", response: { id, incomplete_details: { reason: end.reason } } };
  }
}

function toUsage({ input, cached, output, reasoning }: UsagePart): JsonObject {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

function added(index: number, item: JsonObject): ResponseEvent {
  return { type: "response.output_item.added", output_index: index, item };
}

function done(index: number, item: JsonObject): ResponseEvent {
  return { type: "response.output_item.done", output_index: index, item };
}

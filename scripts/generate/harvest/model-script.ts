/** One answer of the scripted Responses API: server-sent events, or an HTTP failure. */
export type ModelAnswer =
  | { readonly events: readonly ModelEvent[]; readonly hold?: boolean }
  | { readonly status: number; readonly body: unknown };

export interface ModelEvent {
  readonly type: string;
  readonly [key: string]: unknown;
}

const usage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 6 },
  total_tokens: 120,
};

/** A whole answer: the given parts between `response.created` and `response.completed`. */
export function answer(...parts: readonly (readonly ModelEvent[])[]): ModelAnswer {
  return {
    events: [
      { type: "response.created", response: { id: "resp" } },
      ...parts.flat(),
      { type: "response.completed", response: { id: "resp", usage } },
    ],
  };
}

/** An answer that begins and never ends: for a turn that is interrupted. */
export function unfinished(...parts: readonly (readonly ModelEvent[])[]): ModelAnswer {
  return { events: [{ type: "response.created", response: { id: "resp" } }, ...parts.flat()], hold: true };
}

export function message(id: string, deltas: readonly string[], phase?: "commentary" | "final_answer"): ModelEvent[] {
  const item = { type: "message", role: "assistant", id, ...(phase === undefined ? {} : { phase }) };
  return [
    { type: "response.output_item.added", item: { ...item, content: [] } },
    ...deltas.map((delta) => ({
      type: "response.output_text.delta",
      item_id: id,
      output_index: 0,
      content_index: 0,
      delta,
    })),
    { type: "response.output_item.done", item: { ...item, content: [{ type: "output_text", text: deltas.join("") }] } },
  ];
}

export function reasoning(id: string, parts: readonly string[]): ModelEvent[] {
  return [
    { type: "response.output_item.added", item: { type: "reasoning", id, summary: [] } },
    ...parts.flatMap((delta, summary_index) => [
      { type: "response.reasoning_summary_part.added", item_id: id, summary_index },
      { type: "response.reasoning_summary_text.delta", item_id: id, summary_index, delta },
    ]),
    {
      type: "response.output_item.done",
      item: {
        type: "reasoning",
        id,
        summary: parts.map((text) => ({ type: "summary_text", text })),
        encrypted_content: "X",
      },
    },
  ];
}

export function call(
  callId: string,
  name: string,
  args: Readonly<Record<string, unknown>>,
  namespace?: string,
): ModelEvent[] {
  const item = { type: "function_call", id: `fc_${callId}`, call_id: callId, name, arguments: JSON.stringify(args) };
  return [{ type: "response.output_item.done", item: namespace === undefined ? item : { ...item, namespace } }];
}

export function patch(callId: string, input: string): ModelEvent[] {
  const item = { type: "custom_tool_call", id: `ct_${callId}`, call_id: callId, name: "apply_patch", input };
  return [{ type: "response.output_item.done", item }];
}

export function webSearch(id: string, action: Readonly<Record<string, unknown>>): ModelEvent[] {
  const item = { type: "web_search_call", id, status: "completed", action };
  return [
    { type: "response.output_item.added", item: { ...item, status: "in_progress" } },
    { type: "response.output_item.done", item },
  ];
}

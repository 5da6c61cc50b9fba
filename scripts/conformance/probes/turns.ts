import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { functionCall, message, raw, reasoning, respond, usage } from "../../../src/testing/index.js";
import { bodyOf, itemsOf, observe } from "../observe.js";
import type { Probe } from "../probe.js";

const hello = () => [respond(message("Hello."))];
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/** One prompt and the answer of the model. */
export const turnProbes: readonly Probe[] = [
  {
    id: "turn.text",
    feature: "turn",
    model: hello,
    play: async (stage) => observe(stage.thread().runStreamed("Say hello")),
    expected: { status: "completed", finalResponse: "Hello." },
  },
  {
    id: "turn.two",
    feature: "turn",
    model: () => [respond(message("First.")), respond(message("Second."))],
    play: async (stage) => {
      const thread = stage.thread();
      await thread.run("One");
      const second = await thread.run("Two");
      return { answer: second.finalResponse, request: bodyOf(stage.model.requests[1]) };
    },
    expected: { answer: "Second.", request: /One.*First\..*Two/ },
  },
  {
    id: "turn.no-unknown-messages",
    feature: "turn",
    model: hello,
    play: async (stage) => {
      const { kinds } = await observe(stage.thread().runStreamed("Say hello"));
      return kinds.filter((kind) => /codexkit\.(unknown|protocolWarning)/.test(kind));
    },
    expected: [],
  },
  {
    id: "turn.usage",
    feature: "usage",
    model: () => [respond(message("Hello."), usage({ input: 42, cached: 12, output: 5 }))],
    play: async (stage) => (await stage.thread().run("Say hello")).usage,
    expected: { turn: { inputTokens: 42, cachedInputTokens: 12, outputTokens: 5 } },
  },
  {
    id: "turn.unknown-model",
    feature: "turn",
    model: hello,
    play: async (stage) => observe(stage.thread({ model: "no-such-model" }).runStreamed("Say hello")),
    expected: { status: "completed", finalResponse: "Hello." },
  },
  {
    id: "turn.effort",
    feature: "reasoning",
    model: hello,
    play: async (stage) => {
      await stage.thread({ modelReasoningEffort: "high" }).run("Say hello");
      return stage.model.requests[0]?.body["reasoning"];
    },
    expected: { effort: "high" },
  },
  {
    id: "turn.effort-of-one-turn",
    feature: "reasoning",
    transports: ["app-server"],
    model: () => [...hello(), ...hello()],
    play: async (stage) => {
      const thread = stage.thread({ modelReasoningEffort: "low" });
      await thread.run("1", { modelReasoningEffort: "high" });
      await thread.run("2");
      return stage.model.requests.map(({ body }) => JSON.stringify(body["reasoning"]));
    },
    expected: [/high/, /low/],
  },
  {
    id: "turn.service-tier-of-one-turn",
    feature: "serviceTier of one turn",
    transports: ["app-server"],
    since: "0.155.0",
    model: () => [...hello(), ...hello()],
    play: async (stage) => {
      const thread = stage.thread();
      await thread.run("1", { serviceTier: "priority" });
      await thread.run("2");
      return stage.model.requests.map(({ body }) => body["service_tier"] ?? null);
    },
    expected: ["priority", null],
  },
  {
    id: "turn.developer-instructions",
    feature: "turn",
    model: hello,
    play: async (stage) => {
      await stage.thread({ developerInstructions: "Answer in Latin." }).run("Say hello");
      return bodyOf(stage.model.requests[0]);
    },
    expected: /Answer in Latin\./,
  },
  {
    id: "streaming.deltas",
    feature: "streaming",
    transports: ["app-server"],
    model: () => [respond(message("Hello world.", { deltas: 3 }))],
    play: async (stage) => {
      const pieces: string[] = [];
      for await (const piece of stage.thread().runStreamed("Say hello").textStream) pieces.push(piece);
      return { text: pieces.join(""), several: pieces.length > 1 };
    },
    expected: { text: "Hello world.", several: true },
  },
  {
    id: "streaming.items",
    feature: "streaming",
    model: () => [respond(message("Hello."))],
    play: async (stage) => (await observe(stage.thread().runStreamed("Say hello"))).kinds,
    expected: /"turn\.started".*"item\.completed".*"turn\.completed"/,
  },
  {
    id: "reasoning.summary",
    feature: "reasoning",
    model: () => [respond(reasoning("Thinking hard."), message("Done."))],
    play: async (stage) => {
      const config = { model_reasoning_summary: "detailed" };
      return itemsOf(await observe(stage.thread({ config }).runStreamed("Think")), "reasoning");
    },
    expected: /Thinking hard\./,
  },
  {
    id: "output.structured",
    feature: "structured output",
    model: () => [respond(message('{"answer":42}'))],
    play: async (stage) => {
      const outputSchema = {
        type: "object",
        properties: { answer: { type: "number" } },
        required: ["answer"],
      } as const;
      const { output } = await stage.thread().run("How many?", { outputSchema });
      return { output, format: JSON.stringify(stage.model.requests[0]?.body["text"]) };
    },
    expected: { output: { answer: 42 }, format: /json_schema.*answer/ },
  },
  {
    id: "image.local",
    feature: "image",
    model: () => [respond(message("A pixel."))],
    play: async (stage) => {
      const path = join(stage.workTree, "pixel.png");
      await writeFile(path, Buffer.from(pixel, "base64"));
      await stage.thread().run([{ type: "local_image", path }]);
      return bodyOf(stage.model.requests[0]);
    },
    expected: /data:image\/png;base64,/,
  },
  {
    id: "plan.update",
    feature: "plan",
    model: () => [
      respond(functionCall("update_plan", { plan: [{ step: "Look", status: "in_progress" }] })),
      respond(message("Done.")),
    ],
    play: async (stage) => {
      const config = { tools: { update_plan: { enabled: true } } };
      return (await observe(stage.thread({ config }).runStreamed("Plan"))).events;
    },
    expected: /"step":"Look","status":"inProgress"|"text":"Look"/,
  },
  {
    id: "web-search.item",
    feature: "web search",
    model: () => [raw(search)],
    play: async (stage) => itemsOf(await observe(stage.thread().runStreamed("Search")), "webSearch"),
    expected: [{ query: "codex" }],
  },
];

const search = [
  { type: "response.created", response: { id: "resp_1" } },
  ...[
    { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "codex" } },
    { type: "message", role: "assistant", id: "msg_1", content: [{ type: "output_text", text: "Found." }] },
  ].map((item) => ({ type: "response.output_item.done", item })),
  { type: "response.completed", response: { id: "resp_1", usage: null } },
]
  .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  .join("");

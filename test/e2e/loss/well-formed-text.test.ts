import { describe, expect, it } from "vitest";
import { type CodexOptions, type ThreadStartOptions, type TurnOptions, tool } from "../../../src/index.js";
import {
  functionCall,
  gate,
  message,
  respond,
  type ModelRequest,
  type ScriptEntry,
} from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

/** Ends in half of an emoji, as a text does that was cut by its length. */
const cut = "The release is great 🚀".slice(0, -1);
const shown = "The release is great \ufffd";
const limit = { timeoutMs: 20_000 };

interface Case {
  readonly name: string;
  readonly input?: string;
  readonly codex?: CodexOptions;
  readonly thread?: ThreadStartOptions;
  readonly turn?: TurnOptions;
}

describe.each(transports)("half of a surrogate pair, %s", (transport) => {
  const cases: readonly Case[] = [
    { name: "the prompt", input: cut },
    { name: "the instructions of a thread", thread: { developerInstructions: cut } },
    { name: "the configuration of a thread", thread: { config: { developer_instructions: cut } } },
    { name: "a tool's description", codex: { tools: [tool({ name: "title", description: cut, execute: () => "x" })] } },
    {
      name: "a description in an output schema",
      turn: {
        outputSchema: {
          type: "object",
          properties: { answer: { type: "string", description: cut } },
          required: ["answer"],
          additionalProperties: false,
        },
      },
    },
  ];

  it.each(cases)("[L1] reaches codex as U+FFFD: $name", async ({ input = "hello", codex, thread, turn }) => {
    await using real = await openRealCodex(transport, [respond(message('{"answer":"fine"}'))], {
      ...(codex === undefined ? {} : { codex }),
    });
    const result = await real.codex.startThread({ ...real.thread, ...thread }).run(input, { ...turn, ...limit });
    expect(result.finalResponse).toBe('{"answer":"fine"}');
    expect(JSON.stringify(real.model.requests[0]?.body)).toContain(shown);
  });

  it("[L1] reaches codex as U+FFFD: the configuration of a client", async () => {
    await using real = await openRealCodex(transport, [respond(message("fine"))]);
    const { config } = real.model.codexOptions({ codexHome: real.home });
    const codex = real.client({ config: { ...config, developer_instructions: cut } });
    expect((await codex.startThread(real.thread).run("hello", limit)).finalResponse).toBe("fine");
    expect(JSON.stringify(real.model.requests[0]?.body)).toContain(shown);
  });

  it("[L1] reaches codex as U+FFFD: the result of a tool", async () => {
    const title = tool({ name: "title", description: "Title.", execute: () => cut });
    const steps: readonly ScriptEntry[] = [
      (request: ModelRequest) => respond(functionCall("title", {}, namespaceOf(request))),
      respond(message("fine")),
    ];
    await using real = await openRealCodex(transport, steps, { codex: { tools: [title] } });
    const { finalResponse } = await real.codex.startThread(real.thread).run("hello", limit);
    expect(finalResponse).toBe("fine");
    expect(real.model.requests[1]?.outputs[0]?.text).toContain(shown);
  });
});

describe("half of a surrogate pair", () => {
  it("[L1] reaches codex as U+FFFD: the input of a steered turn", async () => {
    const hold = gate();
    const steps = [respond(message("first", { deltas: ["fi", hold, "rst"] })), respond(message("second"))];
    await using real = await openRealCodex("app-server", steps);
    const turn = real.codex.startThread(real.thread).runStreamed("hello", limit);
    await turn.start();
    await expect.poll(() => real.model.requests.length, { timeout: 10_000 }).toBe(1);
    await turn.steer(cut);
    hold.open();
    expect((await turn.result()).finalResponse).toBe("second");
    expect(real.model.requests[1]?.userTexts.at(-1)).toBe(shown);
  });

  it("[L1] reaches codex as U+FFFD: the answer to a question of the model", async () => {
    const question = {
      id: "why",
      header: "Why",
      question: "Why?",
      options: [
        { label: "A", description: "a" },
        { label: "B", description: "b" },
      ],
    };
    const steps = [respond(functionCall("request_user_input", { questions: [question] })), respond(message("fine"))];
    await using real = await openRealCodex("app-server", steps, {
      codex: {
        onApproval: (request) =>
          request.kind === "userInput" ? { decision: "answer", answers: { why: [cut] } } : { decision: "decline" },
      },
    });
    const config = { features: { default_mode_request_user_input: true }, suppress_unstable_features_warning: true };
    const { finalResponse } = await real.codex.startThread({ ...real.thread, config }).run("hello", limit);
    expect(finalResponse).toBe("fine");
    expect(real.model.requests[1]?.outputs[0]?.text).toContain(shown);
  });
});

function namespaceOf({ body }: ModelRequest): { readonly namespace?: string } {
  return JSON.stringify(body).includes("mcp__codexkit") ? { namespace: "mcp__codexkit" } : {};
}

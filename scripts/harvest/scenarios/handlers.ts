import { allow, type AnyTool, deny, first, match, tool } from "../../../src/index.js";
import {
  functionCall,
  message,
  type ModelRequest,
  respond,
  type ModelStep,
  shell,
} from "../../../src/testing/index.js";
import type { Scenario } from "../scenario.js";
import { tokens } from "./messages.js";

/** Server requests: calls of host tools, and approvals outside the sandbox. */
export const handlerScenarios: readonly Scenario[] = [
  {
    name: "approved-command",
    about: "A command that asks to leave the sandbox and is allowed to, and one that sees what it did.",
    transports: ["app-server"],
    model: () => [
      respond(shell("touch x", { escalate: true, justification: "May I?" }), tokens),
      respond(shell("ls"), tokens),
      done,
    ],
    play: (stage) =>
      stage.turn(stage.startThread({ onApproval: match({ kind: "command" }, allow("it is only a file")) }), "Ask"),
  },
  {
    name: "host-tool",
    about: "A tool of the host, called well, and with arguments that do not fit.",
    model: () => [call("add", { a: 1, b: 2 }), call("add", { a: "one" }), done],
    play: (stage) => stage.turn(stage.startThread({ tools: [addition()] }), "Add"),
  },
  {
    name: "approved-host-tool",
    about: "Two tools of the host that somebody must allow: one is, the other is not.",
    model: () => [call("add", { a: 1, b: 2 }), call("forget", {}), done],
    play: (stage) =>
      stage.turn(
        stage.startThread({
          tools: [addition({ needsApproval: true }), forgetting()],
          onApproval: first(match({ tool: "add" }, allow()), deny("nothing is forgotten here")),
        }),
        "Add and forget",
      ),
  },
];

const done = respond(message("Done."), tokens);

export function addition({ needsApproval = false }: { readonly needsApproval?: boolean } = {}): AnyTool {
  const number = { type: "number" } as const;
  return tool({
    name: "add",
    description: "Adds.",
    parameters: { type: "object", properties: { a: number, b: number }, required: ["a", "b"] },
    needsApproval,
    execute: ({ a, b }) => a + b,
  });
}

function forgetting(): AnyTool {
  return tool({ name: "forget", description: "Forgets.", needsApproval: true, execute: () => "forgotten" });
}

/** On exec the tools belong to codexkit's MCP server. */
export function call(
  name: string,
  args: Parameters<typeof functionCall>[1],
  options: { readonly callId?: string } = {},
) {
  return ({ body }: ModelRequest): ModelStep => {
    const served = JSON.stringify(body).includes(mcpNamespace) ? { namespace: mcpNamespace } : {};
    return respond(functionCall(name, args, { ...options, ...served }), tokens);
  };
}

const mcpNamespace = "mcp__codexkit";

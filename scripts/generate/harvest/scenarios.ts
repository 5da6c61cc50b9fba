import { answer, call, message, patch, reasoning, unfinished, webSearch, type ModelAnswer } from "./model-script.js";

/** A conversation that is run on both transports, with the real binary. */
export interface Scenario {
  readonly name: string;
  readonly sandbox?: "read-only" | "workspace-write";
  /** Default gpt-5.5. */
  readonly model?: string;
  /** Starts codex with the tiny MCP server as `tiny`. */
  readonly mcp?: boolean;
  readonly turns: readonly ScenarioTurn[];
  /** App-server only: ask for approval, and give this decision. */
  readonly decision?: "accept" | "decline";
}

export interface ScenarioTurn {
  readonly prompt: string;
  readonly answers: readonly ModelAnswer[];
  /** The type of item whose start is answered by an interrupt. */
  readonly interruptAt?: readonly [appServer: string, exec: string];
}

const exec = (callId: string, cmd: string, more: Readonly<Record<string, unknown>> = {}) =>
  call(callId, "exec_command", { cmd, ...more });
const done = answer(message("msg_done", ["Done."]));

export const scenarios: readonly Scenario[] = [
  { name: "text", turns: [{ prompt: "hi", answers: [answer(message("msg_1", ["Hello ", "wörld \u2028 😀", "."]))] }] },
  {
    name: "reasoning",
    turns: [
      {
        prompt: "think",
        answers: [answer(reasoning("rs_1", ["**One** first", "**Two** then"]), message("msg_1", ["Thought."]))],
      },
    ],
  },
  { name: "command", turns: [{ prompt: "run", answers: [answer(exec("call_1", "echo hi")), done] }] },
  {
    name: "failing-command",
    turns: [{ prompt: "run", answers: [answer(exec("call_1", "echo oops >&2; exit 3")), done] }],
  },
  {
    name: "patch",
    sandbox: "workspace-write",
    turns: [
      {
        prompt: "write",
        answers: [
          answer(patch("call_1", "*** Begin Patch\n*** Add File: a.txt\n+one\n*** End Patch\n")),
          answer(
            patch(
              "call_2",
              "*** Begin Patch\n*** Update File: a.txt\n*** Move to: b.txt\n@@\n-one\n+two\n*** End Patch\n",
            ),
          ),
          answer(patch("call_3", "*** Begin Patch\n*** Delete File: b.txt\n*** End Patch\n")),
          answer(patch("call_4", "*** Begin Patch\n*** Update File: none.txt\n@@\n-x\n+y\n*** End Patch\n")),
          done,
        ],
      },
    ],
  },
  {
    name: "plan",
    turns: [
      {
        prompt: "plan",
        answers: [
          answer(
            call("call_1", "update_plan", {
              plan: [
                { step: "look", status: "in_progress" },
                { step: "act", status: "pending" },
              ],
            }),
          ),
          answer(
            call("call_2", "update_plan", {
              explanation: "seen",
              plan: [
                { step: "look", status: "completed" },
                { step: "act", status: "in_progress" },
              ],
            }),
          ),
          done,
        ],
      },
    ],
  },
  {
    name: "web-search",
    turns: [
      {
        prompt: "search",
        answers: [
          answer(
            webSearch("ws_1", { type: "search", query: "codex", queries: ["codex"] }),
            webSearch("ws_2", { type: "open_page", url: "https://example.com" }),
            webSearch("ws_3", { type: "find_in_page", url: "https://example.com", pattern: "x" }),
            message("msg_1", ["Found."]),
          ),
        ],
      },
    ],
  },
  {
    name: "phases",
    turns: [
      {
        prompt: "work",
        answers: [
          answer(message("msg_1", ["I will look."], "commentary"), exec("call_1", "true")),
          answer(message("msg_2", ["All good."], "final_answer")),
        ],
      },
    ],
  },
  {
    name: "multi-turn",
    turns: [
      { prompt: "one", answers: [answer(message("msg_1", ["First."]))] },
      { prompt: "two", answers: [answer(message("msg_2", ["Second."]))] },
    ],
  },
  { name: "unknown-model", model: "no-such-model", turns: [{ prompt: "hi", answers: [done] }] },
  {
    name: "mcp",
    mcp: true,
    turns: [
      {
        prompt: "add",
        answers: [
          answer(call("call_1", "add", { a: 1, b: 2 }, "mcp__tiny")),
          answer(call("call_2", "add", { a: "one" }, "mcp__tiny")),
          done,
        ],
      },
    ],
  },
  {
    name: "sub-agent",
    turns: [
      {
        prompt: "delegate",
        answers: [answer(call("call_1", "spawn_agent", { message: "look" }, "multi_agent_v1")), done, done],
      },
    ],
  },
  {
    name: "sub-agent-code-mode",
    model: "gpt-6.1-sol",
    turns: [
      {
        prompt: "delegate",
        answers: [
          answer(call("call_1", "spawn_agent", { message: "look", task_name: "look" }, "collaboration")),
          done,
          done,
        ],
      },
    ],
  },
  {
    name: "failed-turn",
    turns: [
      {
        prompt: "fail",
        answers: [{ status: 400, body: { error: { message: "no such thing", type: "invalid_request_error" } } }],
      },
    ],
  },
  {
    name: "interrupted-command",
    turns: [
      {
        prompt: "wait",
        interruptAt: ["commandExecution", "command_execution"],
        answers: [answer(exec("call_1", "sleep 30"))],
      },
    ],
  },
  {
    name: "interrupted-message",
    turns: [
      {
        prompt: "talk",
        interruptAt: ["agentMessage", "reasoning"],
        answers: [unfinished(reasoning("rs_1", ["Hm."]), message("msg_1", ["Once "]).slice(0, 2))],
      },
    ],
  },
  {
    name: "approved-command",
    decision: "accept",
    turns: [
      {
        prompt: "ask",
        answers: [
          answer(exec("call_1", "touch x", { sandbox_permissions: "require_escalated", justification: "May I?" })),
          done,
        ],
      },
    ],
  },
  {
    name: "declined-patch",
    decision: "decline",
    turns: [
      {
        prompt: "ask",
        answers: [answer(patch("call_1", "*** Begin Patch\n*** Add File: a.txt\n+one\n*** End Patch\n")), done],
      },
    ],
  },
];

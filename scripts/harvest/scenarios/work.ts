import {
  addFile,
  deleteFile,
  functionCall,
  message,
  patch,
  raw,
  respond,
  shell,
  updateFile,
} from "../../../src/testing/index.js";
import type { Scenario } from "../scenario.js";
import { oneTurn, tokens } from "./messages.js";
import { tinyMcpServer } from "./tiny-mcp-server.js";

const moved = {
  path: "b.txt",
  kind: "update",
  text: "*** Update File: a.txt\n*** Move to: b.txt\n@@\n-one\n+two\n",
} as const;

const done = () => respond(message("Done."), tokens);

/** The work of the agent: commands, file changes, searches, tools of an MCP server. */
export const workScenarios: readonly Scenario[] = [
  {
    name: "command",
    about: "A command that succeeds.",
    model: () => [respond(shell("echo hi"), tokens), done()],
    play: oneTurn("Run it"),
  },
  {
    name: "command-output",
    about: "A command that prints in several pieces.",
    model: () => [respond(shell("for n in 1 2 3; do echo line $n; sleep 0.2; done"), tokens), done()],
    play: oneTurn("Run it"),
  },
  {
    name: "failing-command",
    about: "A command that prints to its error output and fails.",
    model: () => [respond(shell("echo oops >&2; exit 3"), tokens), done()],
    play: oneTurn("Run it"),
  },
  {
    name: "file-change",
    about: "Files that are added, changed and moved, and deleted; and a patch that does not fit.",
    model: () => [
      respond(patch([addFile("a.txt", "one\n")]), tokens),
      respond(patch([moved]), tokens),
      respond(patch([deleteFile("b.txt")]), tokens),
      respond(patch([updateFile("none.txt", "x\n", "y\n")]), tokens),
      done(),
    ],
    play: (stage) => stage.turn(stage.startThread({ sandboxMode: "workspace-write" }), "Change the files"),
  },
  {
    name: "web-search",
    about: "The three things that a web search does.",
    model: () => [
      raw(
        searches(
          { type: "search", query: "codex", queries: ["codex"] },
          { type: "open_page", url: "https://example.com" },
          { type: "find_in_page", url: "https://example.com", pattern: "x" },
        ),
      ),
    ],
    play: oneTurn("Search"),
  },
  {
    name: "mcp",
    about: "A tool of an MCP server, called well and badly.",
    files: { "tiny-mcp-server.mjs": tinyMcpServer },
    config: { mcp_servers: { tiny: { command: "node", args: ["tiny-mcp-server.mjs"], required: true } } },
    model: () => [
      respond(functionCall("add", { a: 1, b: 2 }, { namespace: "mcp__tiny" }), tokens),
      respond(functionCall("add", { a: "one" }, { namespace: "mcp__tiny" }), tokens),
      done(),
    ],
    play: oneTurn("Add"),
  },
  {
    name: "declined-command",
    about: "A command that asks to leave the sandbox, and that nobody allows.",
    transports: ["app-server"],
    model: () => [respond(shell("touch x", { escalate: true, justification: "May I?" }), tokens), done()],
    play: (stage) => stage.turn(stage.startThread({ approvalPolicy: "on-request" }), "Ask"),
  },
  {
    name: "declined-patch",
    about: "A file change that the sandbox does not allow, and that nobody else does.",
    transports: ["app-server"],
    model: () => [respond(patch([addFile("a.txt", "one\n")]), tokens), done()],
    play: (stage) => stage.turn(stage.startThread({ approvalPolicy: "on-request" }), "Ask"),
  },
];

/** The event stream of a response with a search of the provider and an answer. */
function searches(...actions: readonly object[]): string {
  const items = [
    ...actions.map((action, index) => ({
      type: "web_search_call",
      id: `ws_${index + 1}`,
      status: "completed",
      action,
    })),
    { type: "message", role: "assistant", id: "msg_1", content: [{ type: "output_text", text: "Found." }] },
  ];
  const events = [
    { type: "response.created", response: { id: "resp_1" } },
    ...items.flatMap((item) => [
      { type: "response.output_item.added", item },
      { type: "response.output_item.done", item },
    ]),
    { type: "response.completed", response: { id: "resp_1", usage: null } },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}

import { format, resolveConfig } from "prettier";
import { clientOptionsTable } from "../../src/transport/options/client-options-table.js";
import type { OptionRow } from "../../src/transport/options/option-wires.js";
import { optionRows } from "../../src/transport/options/options-table.js";

/** Returns the text of docs/options.md, made from the two tables of options that the code uses. */
export async function renderOptions(path: string): Promise<string> {
  const text = [
    "# Options",
    "<!-- Written by `npm run options` from src/transport/options/options-table.ts and client-options-table.ts. Do not edit. -->",
    introduction,
    "## Thread and turn options",
    table(
      ["option", "description", "values", "level", ...wires, "resume and fork"],
      Object.entries(optionRows).map(threadRow),
    ),
    afterThreads,
    "## Client options",
    table(
      ["option", "description", "values", "app-server", "exec"],
      Object.entries(clientOptionsTable).map(([name, { summary, values, appServer, exec }]) => [
        code(name),
        summary,
        values,
        sentence(appServer),
        sentence(exec),
      ]),
    ),
    afterClient,
  ].join("\n\n");
  return format(text, { ...(await resolveConfig(path)), parser: "markdown" });
}

const wires = ["app-server, thread", "app-server, turn", "exec"];

const introduction = `This page lists every option and its form on each transport. Request parameters, command-line arguments, checks and this page are made from one
table. An option that the transport lacks throws an \`UnsupportedFeatureError\`. An unknown name throws an \`OptionError\` that contains the nearest
known name. Keys inside \`config\` are not checked; codex ignores those that it does not know.`;

const afterThreads = `- **local**: codexkit implements the option itself. **unsupported**: the option throws. **—**: the option does not exist at this level.
- The options of a turn apply to that turn only, on both transports. codex keeps some of them; codexkit resets these with the next turn.
- \`thread.update()\` changes the same options for all later turns. On app-server, options without a form in the turn column cannot change while
  the thread is loaded.
- If two options set the same value of codex's configuration, the lower row overrides the upper one.
- Further options of threads and turns: \`outputSchema\`. Of turns: \`signal\`, \`whenBusy\`, \`timeoutMs\`, \`idleTimeoutMs\`. Of clients and threads:
  \`tools\`, \`onApproval\`, \`approvalTimeoutMs\`, \`context\` (also of turns). Of clients: \`logger\`. A thread has the tools of its client and its
  own; its other handlers replace those of the client. codexkit does not send these options to codex.
- With \`onApproval\` the default of \`approvalPolicy\` is \`on-request\` on app-server, and requests go to \`onApproval\`, also if the user's
  configuration names another reviewer.`;

const afterClient = `- A further option of the client is \`transport\`: \`"app-server"\` (default), \`"exec"\`, or a \`Transport\` object, which allows no other option.
- On exec, \`config\` and the options of a thread are on codex's command line, which every user of the machine can read. Together they may have
  64 KB. \`configOverrides\` are on the command line on both transports.
- Secrets of \`config\` and \`configOverrides\` are not on the command line: codex receives them through the pipe, or on exec by a private
  file in CODEX_HOME. See [Security](security.md#secrets).`;

function threadRow([name, row]: [string, OptionRow<unknown>]): string[] {
  const { summary, values, levels, appServerThread, appServerTurn, exec, execKeepsFirst, onResume } = row;
  const onExec = sentence(exec) + (execKeepsFirst === true ? "; fixed by the first turn" : "");
  const level = levels.join(", ");
  return [
    code(name),
    summary,
    values,
    level,
    sentence(appServerThread),
    sentence(appServerTurn),
    onExec,
    resumed[onResume],
  ];
}

const resumed = {
  always: "sent again",
  "new only": "throws: codex keeps it with the thread",
  local: "local",
} as const satisfies Record<OptionRow<unknown>["onResume"], string>;

function sentence(wire: string | { readonly as: string }): string {
  const text = typeof wire === "string" ? wire : wire.as;
  return text === "not offered" ? "—" : text;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}

function code(name: string): string {
  return `\`${name}\``;
}

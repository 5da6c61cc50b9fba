import { format, resolveConfig } from "prettier";
import { clientOptionsTable } from "../../src/transport/client-options-table.js";
import type { OptionRow } from "../../src/transport/option-row.js";
import { optionRows } from "../../src/transport/options-table.js";

/** The text of docs/options.md: the two tables of options that the code itself is built on. */
export async function renderOptions(path: string): Promise<string> {
  const text = [
    "# Options",
    "<!-- Written by `npm run options` from src/transport/options-table.ts and client-options-table.ts. Do not edit. -->",
    introduction,
    "## Of a thread and of a turn",
    table(
      ["option", "what", "values", "level", ...wires, "on resume and fork"],
      Object.entries(optionRows).map(threadRow),
    ),
    afterThreads,
    "## Of the client",
    table(
      ["option", "what", "values", "app-server", "exec"],
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

const wires = ["app-server, with the thread", "app-server, with a turn", "exec"];

const introduction = `What an option becomes on each transport. The parameters, the arguments, the checks and this page are all made from one table, so an
option that is taken is never ignored: where a transport lacks it, giving it throws \`UnsupportedFeatureError\`; an unknown name is refused
with the nearest known one.`;

const afterThreads = `- **local**: codexkit acts on it itself. **unsupported**: giving it throws. **—**: it is no option there.
- A turn's options hold for that turn only, on both transports: what codex keeps from a turn, codexkit sets back with the next one.
- \`thread.update()\` takes the same options for good. On app-server what is not sent with a turn cannot change while the thread is loaded.
- Where two options set the same value of codex's configuration, the lower row wins.
- Threads and turns also take \`outputSchema\`; turns take \`signal\`, \`whenBusy\`, \`timeoutMs\` and \`idleTimeoutMs\`.
  The client and threads take \`tools\`, \`onApproval\` and \`approvalTimeoutMs\`, they and turns \`context\`, and the client \`logger\`: a
  thread has its client's tools beside its own, and its own of the others instead. They never reach codex as options.
- With \`onApproval\` the default of \`approvalPolicy\` is \`on-request\` on app-server, and it is the host that is asked, whatever the user's
  configuration says of reviewers.`;

const afterClient = `- The client also takes \`transport\`: \`"app-server"\` (default), \`"exec"\`, or a transport of your own, which takes no other option.
- On exec, \`config\` and the options of a thread stand on codex's command line, where every user of the machine can read them, and may take 64 KB
  together: name environment variables for secrets (\`env_key\`, \`bearer_token_env_var\`, \`env_http_headers\`), or use app-server.
- \`configOverrides\` stand on the command line on both transports.`;

function threadRow([name, row]: [string, OptionRow<unknown>]): string[] {
  const { summary, values, levels, appServerThread, appServerTurn, exec, execKeepsFirst, onResume } = row;
  const onExec = sentence(exec) + (execKeepsFirst === true ? "; a thread keeps its first" : "");
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
  "new only": "refused: codex keeps it with the thread",
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

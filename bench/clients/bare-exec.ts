import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ClientSettings } from "../stage/bench-client.js";
import { serveAddTool } from "./bare-mcp-server.js";
import { onJsonLine } from "./on-json-line.js";
import type { Client } from "./client.js";

interface ExecLine {
  readonly type: string;
  readonly thread_id?: string;
  readonly item?: { readonly type: string; readonly text?: string };
}

/** The smallest program that runs a turn on exec. */
export async function createBareExecClient(settings: ClientSettings): Promise<Client> {
  const { codexPath, env, workingDirectory, tools } = settings;
  const server = tools ? await serveAddTool() : null;
  const given = server === null ? [] : ["--config", `mcp_servers.codexkit=${server.config}`];
  const options = ["--json", "--sandbox", "read-only", "--skip-git-repo-check", "--cd", workingDirectory, ...given];
  return {
    openThread() {
      let threadId: string | undefined;
      return {
        async turn(prompt) {
          const resume = threadId === undefined ? [] : ["resume", threadId];
          const child = spawn(codexPath, ["exec", ...options, ...resume], { env, stdio: ["pipe", "pipe", "ignore"] });
          let text = "";
          onJsonLine(child.stdout, (line) => {
            const { type, thread_id, item } = line as ExecLine;
            threadId ??= thread_id;
            if (type === "item.completed" && item?.type === "agent_message") text = item.text ?? "";
          });
          child.stdin.end(prompt);
          await once(child, "close");
          return text;
        },
      };
    },
    close: () => server?.close() ?? Promise.resolve(),
  };
}

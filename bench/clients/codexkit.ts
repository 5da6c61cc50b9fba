import { Codex, tool } from "codexkit";
import type { ClientSettings } from "../stage/bench-client.js";
import { addTool } from "./add-tool.js";
import type { Client } from "./client.js";

const { inputSchema: parameters, ...described } = addTool;
const add = tool({ ...described, parameters, execute: ({ a, b }) => String(a + b) });

export function createCodexkitClient(settings: ClientSettings, transport: "app-server" | "exec"): Client {
  const { codexPath: codexPathOverride, env, workingDirectory } = settings;
  const codex = new Codex({ codexPathOverride, env, transport, ...(settings.tools ? { tools: [add] } : {}) });
  return {
    openThread() {
      const thread = codex.startThread({ workingDirectory, skipGitRepoCheck: true });
      return { turn: async (prompt) => (await thread.run(prompt)).finalResponse ?? "" };
    },
    close: () => codex.close(),
  };
}

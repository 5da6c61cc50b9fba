import { Codex } from "codexkit";
import type { ClientSettings } from "../stage/bench-client.js";
import type { Client } from "./client.js";

export function createCodexkitClient(settings: ClientSettings, transport: "app-server" | "exec"): Client {
  const { codexPath: codexPathOverride, env, workingDirectory } = settings;
  const codex = new Codex({ codexPathOverride, env, transport });
  return {
    openThread() {
      const thread = codex.startThread({ workingDirectory, skipGitRepoCheck: true });
      return { turn: async (prompt) => (await thread.run(prompt)).finalResponse ?? "" };
    },
    close: () => codex.close(),
  };
}

import { pathToFileURL } from "node:url";
import type { ClientSettings } from "../stage/bench-client.js";
import type { Client } from "./client.js";

/** The used part of the official SDK, whose types are not installed here. */
interface OfficialSdk {
  readonly Codex: new (options: {
    readonly codexPathOverride: string;
    readonly env: Readonly<Record<string, string>>;
  }) => {
    startThread(options: { readonly workingDirectory: string; readonly skipGitRepoCheck: boolean }): {
      run(prompt: string): Promise<{ readonly finalResponse: string }>;
    };
  };
}

export async function createOfficialClient(settings: ClientSettings): Promise<Client> {
  const { officialSdk, codexPath: codexPathOverride, env, workingDirectory } = settings;
  const { Codex } = (await import(pathToFileURL(officialSdk).href)) as OfficialSdk;
  const codex = new Codex({ codexPathOverride, env });
  return {
    openThread() {
      const thread = codex.startThread({ workingDirectory, skipGitRepoCheck: true });
      return { turn: async (prompt) => (await thread.run(prompt)).finalResponse };
    },
    close: () => Promise.resolve(),
  };
}

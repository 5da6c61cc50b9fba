import { withDeadline } from "../../internal/time/with-deadline.js";
import { NotCodexError } from "./codex-errors.js";
import { launchCodex, type LaunchOptions } from "./launch-codex.js";
import { createRunMarker } from "./run-marker.js";
import type { HostGuard } from "../guard/host-guard.js";
import type { LocatedBinary } from "../../process/locate/locate-binary.js";
import type { Watchdog } from "../../process/watchdog/watchdog.js";

const timeoutMs = 10_000;

/** Returns the version that `codex --version` prints. Throws `NotCodexError` if the output has another form. */
export async function readVersion(
  binary: LocatedBinary,
  options: LaunchOptions & { readonly signal: AbortSignal; readonly watchdog: Watchdog; readonly guard: HostGuard },
): Promise<string> {
  const marker = createRunMarker();
  const { agent, stop } = await launchCodex({
    client: options.client,
    env: options.env,
    binary,
    args: ["--version"],
    transport: "exec",
    marker,
    watchdog: options.watchdog,
    guarded: options.guard.environment(binary, {}),
  });
  agent.end();
  try {
    const text = await withDeadline(readAll(agent.lines), {
      timeoutMs,
      signal: options.signal,
      onTimeout: () =>
        new NotCodexError(binary.path, `it printed no answer to \`--version\` within ${timeoutMs / 1000} s.`),
    });
    const version = /^codex\S* (\S+)/.exec(text)?.[1];
    if (version === undefined)
      throw new NotCodexError(binary.path, `\`--version\` printed ${JSON.stringify(text.slice(0, 80))}.`);
    return version;
  } finally {
    await stop([]);
  }
}

async function readAll(lines: AsyncIterable<readonly { readonly text: string }[]>): Promise<string> {
  const parts: string[] = [];
  for await (const batch of lines) for (const { text } of batch) parts.push(text);
  return parts.join("\n");
}

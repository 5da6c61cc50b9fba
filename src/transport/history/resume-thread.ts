import { setTimeout as delay } from "node:timers/promises";
import type { JsonObject } from "../../internal/json.js";
import type { ClientMethods } from "../../protocol/index.js";
import { RpcError } from "../../rpc/rpc-errors.js";
import { ThreadNotFoundError, toThreadError } from "../launch/codex-errors.js";
import type { AppServerConnection } from "../app-server/app-server-connection.js";

const pauseMs = 25;
const maxAttempts = 100;

/**
 * Resumes a thread. While codex closes a thread, for this client or another one, it refuses to resume it for some
 * milliseconds, so the request is repeated.
 */
export async function resumeThread(
  connection: AppServerConnection,
  params: JsonObject & { readonly threadId: string },
): Promise<ClientMethods["thread/resume"]["result"]> {
  await connection.threads.settled(params.threadId);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connection.call("thread/resume", params);
    } catch (error) {
      if (attempt === maxAttempts || !isClosing(error)) throw error;
      await delay(pauseMs);
    }
  }
}

function isClosing(error: unknown): boolean {
  return error instanceof RpcError && error.kind === "threadClosing";
}

/** Converts the error of `thread/start` or `thread/resume`. */
export function toLoadError(
  error: unknown,
  { threadId, wasEphemeral }: { readonly threadId: string | null; readonly wasEphemeral: boolean },
): unknown {
  if (!(error instanceof RpcError)) return error;
  const detail = wasEphemeral ? `it was ephemeral and ended with its process (${error.message})` : error.message;
  const typed = toThreadError(error.message, threadId, error);
  return typed instanceof ThreadNotFoundError
    ? new ThreadNotFoundError(threadId, detail, { cause: error })
    : (typed ?? error);
}

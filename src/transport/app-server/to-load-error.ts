import { RpcError } from "../../rpc/rpc-errors.js";
import { ThreadNotFoundError, toThreadError } from "../codex-errors.js";

/** Why a thread could not be started or resumed. */
export function toLoadError(
  error: unknown,
  { threadId, wasEphemeral }: { readonly threadId: string | null; readonly wasEphemeral: boolean },
): unknown {
  if (!(error instanceof RpcError)) return error;
  const detail = wasEphemeral ? `it was ephemeral, and went with its process (${error.message})` : error.message;
  const typed = toThreadError(error.message, threadId, error);
  return typed instanceof ThreadNotFoundError
    ? new ThreadNotFoundError(threadId, detail, { cause: error })
    : (typed ?? error);
}

import type { ClientMethodName } from "../../protocol/index.js";
import { RpcError } from "../../rpc/rpc-errors.js";
import type { Transport } from "../transport.js";

/** The methods that codexkit itself sends. */
export const usedMethods = [
  "account/login/start",
  "config/read",
  "hooks/list",
  "thread/backgroundTerminals/clean",
  "thread/backgroundTerminals/list",
  "thread/read",
  "thread/resume",
  "thread/start",
  "thread/unsubscribe",
  "turn/interrupt",
  "turn/start",
  "turn/steer",
] as const satisfies readonly ClientMethodName[];

/** Milliseconds that codex may take to list its methods. It usually takes five. */
const timeoutMs = 5_000;

/**
 * Returns the methods that codexkit uses and codex lacks. Codex answers a request with a method that no version has by the list
 * of its own methods. Returns none if the answer has another form.
 */
export async function findMissingMethods(connection: Pick<Transport, "request">): Promise<readonly string[]> {
  const known = await connection.request("codexkit/probe", {}, { timeoutMs }).then(
    (): readonly string[] => [],
    (error: unknown) => (error instanceof RpcError ? methodsIn(error.rpcMessage) : []),
  );
  return known.length === 0 ? [] : usedMethods.filter((method) => !known.includes(method));
}

function methodsIn(message: string): readonly string[] {
  const [, list = ""] = message.split("expected one of");
  return [...list.matchAll(/`([^`]+)`/g)].map(([, method = ""]) => method);
}

import { expect, test } from "vitest";
import { CliError } from "../../../src/cli/cli-error.js";
import { exitCodeOf, exitCodes } from "../../../src/cli/exit-codes.js";
import {
  AbortedError,
  BinaryNotFoundError,
  CodexError,
  NotCodexError,
  OptionError,
  PeerMissingError,
} from "../../../src/index.js";

test.each([
  [new AbortedError("stop"), exitCodes.interrupted],
  [new BinaryNotFoundError([]), exitCodes.noCodex],
  [new NotCodexError("/bin/false", "it says nothing"), exitCodes.noCodex],
  [new CodexError("TURN_FAILED", "no"), exitCodes.failed],
  [new CodexError("TURN_TIMEOUT", "late"), exitCodes.timedOut],
  [new CliError("environment", "no git", { advice: "install it" }), exitCodes.environment],
  [new PeerMissingError("@modelcontextprotocol/sdk", "Host tools on exec"), exitCodes.environment],
  [new CliError("failed", "red", { advice: "look" }), exitCodes.failed],
  [new CliError("usage", "empty", { advice: "give one" }), exitCodes.usage],
  [new OptionError("INVALID_SCHEMA", "outputSchema", "no"), exitCodes.usage],
  [new CodexError("THREAD_NOT_FOUND", "no"), exitCodes.usage],
  [new TypeError("a bug"), exitCodes.failed],
  ["text", exitCodes.failed],
])("a command that ends with %s exits with %i", (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

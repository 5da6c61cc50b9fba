// Runs one job in one process, as a CI step. Progress goes to stderr, the answer to stdout, and the exit code reports
// the result.
//   CODEX_API_KEY=... npx tsx examples/exec-in-ci/main.ts "Write release notes for the last ten commits"
import { Codex, CodexError, plainCommandOf } from "codexkit";

const { CODEX_API_KEY, PATH, HOME, LANG, CODEX_HOME } = process.env;
const prompt = process.argv.slice(2).join(" ") || "Write release notes for the last commit.";

await using codex = new Codex({ transport: "exec", apiKey: CODEX_API_KEY, env: { PATH, HOME, LANG, CODEX_HOME } });
try {
  const turn = codex
    .startThread({ sandboxMode: "read-only" })
    .runStreamed(prompt, { timeoutMs: 20 * 60_000, idleTimeoutMs: 5 * 60_000 });
  for await (const event of turn) {
    if (event.type === "item.completed" && event.item.type === "commandExecution")
      console.error(`$ ${plainCommandOf(event.item)}`);
    if (event.type === "error") console.error(`codex: ${event.error.message}`);
  }
  const { finalResponse } = await turn.result();
  console.log(finalResponse);
} catch (error) {
  if (!CodexError.isInstance(error)) throw error;
  console.error(JSON.stringify(error)); // plain data, without secrets
  process.exitCode = error.retryable === true ? 75 : 1; // 75 is EX_TEMPFAIL of sysexits.h
}

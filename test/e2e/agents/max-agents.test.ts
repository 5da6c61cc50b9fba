import { describe, expect, it } from "vitest";
import { message, type ModelRequest, respond, stall } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";
import { agentKinds, agentScript, spawn, tokens } from "./agent-script.js";

for (const transport of transports) {
  describe.each(agentKinds)(`maxAgents on ${transport} (%s)`, (namespace, model) => {
    it.each([
      [0, 0],
      [1, 1],
      [2, 2],
    ])("[S5] %i: at most that many agents start", { timeout: 30_000 }, async (maxAgents, expected) => {
      const outputs: string[] = [];
      const root = (step: number, request: ModelRequest) => {
        outputs.push(request.outputs.at(-1)?.text ?? "");
        return respond(step < 3 ? spawn(namespace, `kid${String(step)}`) : message("Done."), tokens);
      };
      await using stand = await openRealCodex(
        transport,
        agentScript({ namespace, root, agent: () => respond(stall(), message("Seen.")) }),
      );
      const thread = stand.codex.startThread({ ...stand.thread, model, maxAgents });
      await thread.run("Delegate");
      const refusal = maxAgents === 0 ? /unsupported call/ : /agent thread limit reached/;
      expect(outputs).toHaveLength(3);
      expect(outputs.filter((output) => !refusal.test(output))).toHaveLength(expected);
    });
  });
}

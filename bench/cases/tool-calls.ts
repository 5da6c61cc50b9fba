import type { BenchCase } from "../case.js";
import type { ClientName } from "../stage/bench-client.js";
import { interleave, median, medianOf, ratioOf } from "./interleave.js";
import { withClients } from "./with-clients.js";

const calls = 40;

export const toolCalls: BenchCase = {
  name: "tool-calls",
  run: (stage, size) => {
    const names = ["bare", "codexkit"] as const;
    return withClients(
      stage,
      names,
      async (clients) => {
        const rounds = await interleave(size === "full" ? 12 : 3, clients, async (client) => {
          await client.open(1);
          await client.turns(1);
          const { turnMs } = await client.turns(3);
          return median(turnMs);
        });
        return {
          name: "tool-calls",
          title: "Calls of a host tool on the app-server",
          method: `Turns in which the model calls a host tool ${calls} times, one call after another. The bare script answers \`item/tool/call\` without reading it; codexkit finds the tool, validates the arguments, counts the call and emits its events.`,
          columns: names,
          rows: [
            { label: `a turn with ${calls} calls`, unit: "ms", values: names.map((name) => medianOf(rounds, name)) },
          ],
          ratios: [{ label: "codexkit / bare", value: ratioOf(rounds, "codexkit", "bare"), bound: { atMost: 1.15 } }],
        };
      },
      { calls },
    );
  },
};

export const hostedToolCalls: BenchCase = {
  name: "hosted-tool-calls",
  run: (stage, size) => {
    const names: readonly ClientName[] = ["bare-exec", "codexkit-exec"];
    return withClients(
      stage,
      names,
      async (clients) => {
        const rounds = await interleave(size === "full" ? 15 : 3, clients, async (client) => {
          await client.open(1);
          const { turnMs } = await client.turns(1);
          return median(turnMs);
        });
        return {
          name: "hosted-tool-calls",
          title: "Calls of a host tool on exec, by MCP on loopback",
          method: `One turn of a new thread in which the model calls a host tool ${calls} times. The bare script serves it with the official MCP SDK from its own process, without a token and without checks.`,
          columns: names,
          rows: [
            { label: `a turn with ${calls} calls`, unit: "ms", values: names.map((name) => medianOf(rounds, name)) },
          ],
          ratios: [
            { label: "codexkit / bare", value: ratioOf(rounds, "codexkit-exec", "bare-exec"), bound: { atMost: 1.2 } },
          ],
        };
      },
      { calls, mcp: true },
    );
  },
};

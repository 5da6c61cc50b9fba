// Offers two host tools to the model: one reads data, the other changes data and needs an approval.
//   npx tsx examples/host-tools/main.ts
import { Codex, tool, ToolRegistry } from "codexkit";
import { z } from "zod";

const stock = new Map([
  ["apples", 12],
  ["pears", 3],
]);
const article = z.object({ article: z.string() });

const registry = new ToolRegistry([
  tool({
    name: "in_stock",
    description: "How many pieces of an article are in stock.",
    parameters: article,
    execute: ({ article }) => ({ article, pieces: stock.get(article) ?? 0 }),
  }),
  tool({
    name: "order",
    description: "Orders pieces of an article.",
    parameters: article.extend({ pieces: z.number().int().positive() }),
    needsApproval: ({ pieces }) => pieces > 10,
    execute: ({ article, pieces }) => {
      stock.set(article, (stock.get(article) ?? 0) + pieces);
      return `ordered ${pieces} ${article}`;
    },
  }),
]);

await using codex = new Codex({
  tools: registry,
  onApproval: (request) => {
    if (request.kind !== "tool") return { decision: "decline" };
    console.log("asked for", request.tool, JSON.stringify(request.arguments));
    return { decision: "decline", reason: "at most 10 at once" };
  },
});

const turn = codex.startThread().runStreamed("Make sure that there are 10 pears and 40 apples.");
for await (const event of turn) {
  if (event.type === "codexkit.tool.completed") console.log(event.tool, event.outcome, event.message ?? "");
}
console.log((await turn.result()).finalResponse);
console.log(Object.fromEntries(stock));
for (const [name, { calls, failures }] of Object.entries(registry.metrics())) console.log(name, calls, failures);
process.exitCode = stock.get("pears") === 10 ? 0 : 1;

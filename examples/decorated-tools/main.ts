// Makes methods of a class host tools. The state is in the instance, the schema is beside the method.
//   npx tsx examples/decorated-tools/main.ts
// These are standard decorators: they need TypeScript 5 without `experimentalDecorators`, or a bundler that supports
// them.
import { Codex, toolMethod, toolsOf } from "codexkit";
import { z } from "zod";

const Task = z.object({ title: z.string().min(1) });

class Tasks {
  readonly #open = new Set<string>();

  @toolMethod({ description: "Adds a task to the list.", parameters: Task })
  addTask({ title }: z.infer<typeof Task>): string {
    this.#open.add(title);
    return `There are ${this.#open.size} open tasks.`;
  }

  @toolMethod({ description: "Ticks a task off.", parameters: Task })
  finishTask({ title }: z.infer<typeof Task>): string {
    // The model receives the message of the error and can correct its call.
    if (!this.#open.delete(title)) throw new Error(`There is no task "${title}", only ${[...this.#open].join(", ")}.`);
    return `There are ${this.#open.size} open tasks.`;
  }

  /** Without a decorator the method is not a tool. */
  get open(): readonly string[] {
    return [...this.#open];
  }
}

const tasks = new Tasks();
await using codex = new Codex({ tools: toolsOf(tasks) });

const turn = codex.startThread().runStreamed("Note down that I must write tests and docs. The docs are done.");
for await (const event of turn) {
  if (event.type === "codexkit.tool.completed") console.log(event.tool, event.outcome, event.message ?? "");
}
console.log((await turn.result()).finalResponse);
console.log("open:", tasks.open.join(", "));

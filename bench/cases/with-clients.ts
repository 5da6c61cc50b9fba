import type { BenchClient, ClientName } from "../stage/bench-client.js";
import type { ModelAnswer } from "../stage/home.js";
import type { Stage } from "../stage/stage.js";

/** Starts clients, and stops them when `use` has settled. */
export async function withClients<T>(
  stage: Stage,
  names: readonly ClientName[],
  use: (clients: readonly BenchClient[]) => Promise<T>,
  answer: ModelAnswer = {},
): Promise<T> {
  const clients = await Promise.all(names.map((name) => stage.client(name, answer)));
  try {
    return await use(clients);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

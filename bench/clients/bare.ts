import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ClientSettings } from "../stage/bench-client.js";
import { onJsonLine } from "./on-json-line.js";
import { addTool } from "./add-tool.js";
import type { Client } from "./client.js";

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: { readonly thread: { readonly id: string } };
  readonly error?: { readonly message: string };
  readonly params?: {
    readonly threadId?: string;
    readonly item?: { readonly type: string; readonly text?: string };
    readonly turn?: { readonly status: string };
    readonly arguments?: { readonly a: number; readonly b: number };
  };
}

interface Listener {
  text: string;
  readonly done: (text: string) => void;
}

/** The smallest program that runs turns on the app-server. Other clients are compared with it. */
export function createBareClient({ codexPath, env, workingDirectory: cwd, tools }: ClientSettings): Client {
  const child = spawn(codexPath, ["app-server"], { env, stdio: ["pipe", "pipe", "ignore"] });
  const answers = new Map<number, { resolve: (message: Message) => void; reject: (error: Error) => void }>();
  const turns = new Map<string, Listener>();
  let lastId = 0;

  onJsonLine(child.stdout, (line) => {
    const message = line as Message;
    const { id, method, params } = message;
    if (id !== undefined && method === "item/tool/call") {
      const { a = 0, b = 0 } = params?.arguments ?? {};
      const result = { contentItems: [{ type: "inputText", text: String(a + b) }], success: true };
      child.stdin.write(`${JSON.stringify({ id, result })}\n`);
      return;
    }
    if (id !== undefined) {
      const answer = answers.get(id);
      answers.delete(id);
      if (message.error === undefined) answer?.resolve(message);
      else answer?.reject(new Error(message.error.message));
      return;
    }
    const turn = turns.get(params?.threadId ?? "");
    if (turn === undefined) return;
    if (method === "item/completed" && params?.item?.type === "agentMessage") turn.text = params.item.text ?? "";
    else if (method === "turn/completed") turn.done(turn.text);
  });

  function request(method: string, params: object): Promise<Message> {
    const id = (lastId += 1);
    child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    return new Promise((resolve, reject) => answers.set(id, { resolve, reject }));
  }

  const greeted = request("initialize", {
    clientInfo: { name: "bare", version: "0" },
    capabilities: { experimentalApi: true },
  }).then(() => child.stdin.write('{"method":"initialized"}\n'));

  async function startThread(): Promise<string> {
    await greeted;
    const dynamicTools = tools ? [{ type: "function", ...addTool }] : [];
    const sandbox = "read-only";
    const { result } = await request("thread/start", { cwd, sandbox, approvalPolicy: "never", dynamicTools });
    return result?.thread.id ?? "";
  }

  return {
    openThread() {
      let starting: Promise<string> | undefined;
      return {
        async turn(text) {
          const threadId = await (starting ??= startThread());
          const ended = new Promise<string>((done) => turns.set(threadId, { text: "", done }));
          await request("turn/start", { threadId, input: [{ type: "text", text }] });
          return ended;
        },
      };
    },
    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

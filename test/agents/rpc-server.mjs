// A server of JSON-RPC lines for the tests of the peer. Its methods: `echo` answers its params, `silent` never answers,
// `peak` returns the largest number of requests in progress at once, `overloaded` refuses the first `params.times` calls,
// `die` exits with 7, `ask` sends a request of its own and answers with the response.
import { StringDecoder } from "node:string_decoder";

const decoder = new StringDecoder("utf8");
let rest = "";
let inHand = 0;
let peak = 0;
let refusals = 0;
/** @type {Map<unknown, unknown>} */
const asked = new Map();

process.stdin.on("data", (chunk) => {
  const lines = (rest + decoder.write(chunk)).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) receive(JSON.parse(line));
});

/** @param {{ id?: unknown, method?: string, params?: { times?: number }, result?: unknown, error?: unknown }} message */
function receive({ id, method, params, result, error }) {
  if (method === undefined) {
    answer(asked.get(id), { got: result ?? error });
    return;
  }
  if (id === undefined) {
    send({ method: "heard", params: { method, params } });
    return;
  }
  peak = Math.max(peak, (inHand += 1));
  switch (method) {
    case "silent":
      return;
    case "peak":
      answer(id, peak);
      return;
    case "overloaded":
      refusals += 1;
      if (refusals <= (params?.times ?? 0)) fail(id, { code: -32001, message: "Server overloaded; retry later." });
      else answer(id, { refusals: refusals - 1 });
      return;
    case "die":
      process.stderr.write("Error: out of luck\n", () => process.exit(7));
      return;
    case "ask":
      asked.set("question", id);
      send({ id: "question", method: "may/i", params });
      return;
    case "echo":
      setTimeout(answer, 1, id, params);
      return;
    default:
      fail(id, { code: -32600, message: `Invalid request: unknown variant \`${method}\`` });
  }
}

/**
 * @param {unknown} id
 * @param {unknown} result
 */
function answer(id, result) {
  inHand -= 1;
  send({ id, result });
}

/**
 * @param {unknown} id
 * @param {unknown} error
 */
function fail(id, error) {
  inHand -= 1;
  send({ id, error });
}

/** @param {unknown} message */
function send(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

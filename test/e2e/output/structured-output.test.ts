import { describe, expect, it } from "vitest";
import { z } from "zod";
import { message, respond } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

const outputSchema = z.object({ ok: z.boolean(), n: z.number() });
const json = '{"ok":true,"n":3}';

const answers = [
  ["bare JSON", [message(json)]],
  ["JSON in a code fence", [message(`\`\`\`json\n${json}\n\`\`\``)]],
  ["JSON in a code fence with CRLF", [message(`\`\`\`\r\n${json}\r\n\`\`\`\n`)]],
  ["JSON with a byte order mark", [message(`\ufeff${json}`)]],
  ["a message without a phase, then JSON", [message("Let me look."), message(json)]],
  ["JSON, then a closing message", [message(json), message("Done.")]],
  [
    "commentary that is JSON, then the final answer",
    [message('{"ok":false,"n":0}', { phase: "commentary" }), message(json, { phase: "final_answer" })],
  ],
  [
    "a final answer, then commentary",
    [message(json, { phase: "final_answer" }), message("I also tidied up.", { phase: "commentary" })],
  ],
] as const;

describe.each(transports)("the output of a turn, %s", (transport) => {
  it("[A1.11] [O] is read from the answers of real models", { timeout: 60_000 }, async () => {
    await using real = await openRealCodex(
      transport,
      answers.map(([, items]) => respond(...items)),
    );
    for (const [name] of answers) {
      const { output } = await real.codex.startThread(real.thread).run("go", { outputSchema });
      expect(output, name).toEqual({ ok: true, n: 3 });
    }
  });

  it("[A1.11] [O] a schema is sent without the parts that the service refuses", { timeout: 30_000 }, async () => {
    await using real = await openRealCodex(transport, [respond(message('{"code":"01","counts":{"a":1,"b":2}}'))]);
    const schema = z.object({
      code: z.string().regex(/^(?!00)\d{2}$/),
      counts: z.record(z.enum(["a", "b"]), z.number()),
    });
    const { output } = await real.codex.startThread(real.thread).run("go", { outputSchema: schema });
    expect(output).toEqual({ code: "01", counts: { a: 1, b: 2 } });
    const sent = JSON.stringify(real.model.requests[0]?.body);
    expect(sent).toContain("(pattern: ");
    expect(sent).not.toMatch(/"pattern":|propertyNames/);
  });
});

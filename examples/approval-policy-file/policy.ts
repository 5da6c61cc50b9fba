import { readFile } from "node:fs/promises";
import { allow, type ApprovalHandler, type ApprovalRule, ask, deny, first, match } from "codexkit";
import { z } from "zod";

const words = z.union([z.string(), z.array(z.string())]);
const commands = z.union([words, z.array(z.array(z.string()))]);
const Policy = z.strictObject({
  rules: z.array(
    z.strictObject({
      match: z.union([
        z.strictObject({ kind: z.enum(["command", "fileChange", "permissions"]) }),
        z.strictObject({ command: commands, trustedFiles: z.array(z.string()).optional() }),
        z.strictObject({ path: words }),
        z.strictObject({ anyPath: words }),
        z.strictObject({ tool: words }),
      ]),
      then: z.enum(["allow", "deny", "ask"]),
      reason: z.string().optional(),
    }),
  ),
  otherwise: z.enum(["deny", "ask"]), // no "allow": requests without a matching rule must not be accepted
});

/** Returns the rules of a JSON file; the first matching rule decides. Throws if the file contains an unknown entry. */
export async function readPolicy(file: string, person: ApprovalHandler): Promise<ApprovalRule> {
  const { rules, otherwise } = Policy.parse(JSON.parse(await readFile(file, "utf8")));
  const verdict = { allow, deny, ask: () => ask(person) };
  return first(
    ...rules.map(({ match: pattern, then, reason }) => match(pattern, verdict[then](reason))),
    verdict[otherwise](),
  );
}

// Does not even answer `--version`: it says nothing and never ends.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

// What the others share would answer.
writeFileSync(join(process.env["CODEXKIT_CASE_FOLDER"] ?? ".", "mid-turn"), "");
setInterval(() => {}, 60_000);

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { clientVersion } from "../../../src/client/client-version.js";

it("the client reports the package's version", () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  expect(manifest).toMatchObject({ version: clientVersion });
});

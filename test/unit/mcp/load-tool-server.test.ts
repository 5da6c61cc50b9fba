import { describe, expect, it } from "vitest";
import { PeerMissingError } from "../../../src/errors/peer-missing-error.js";
import { loadMcpSdk } from "../../../src/mcp/mcp-sdk.js";

describe("the MCP SDK", () => {
  it.each(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"])(
    "reports the install command if the import fails with %s",
    async (code) => {
      const cause = Object.assign(new Error("Cannot find package '@modelcontextprotocol/sdk'"), { code });
      const error: unknown = await loadMcpSdk("Host tools", () => Promise.reject(cause)).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(PeerMissingError);
      expect(error).toMatchObject({
        code: "PEER_MISSING",
        peer: "@modelcontextprotocol/sdk",
        retryable: false,
        message: "Host tools need the package `@modelcontextprotocol/sdk`: npm install @modelcontextprotocol/sdk",
        cause,
      });
      expect(JSON.parse(JSON.stringify(error))).toMatchObject({ peer: "@modelcontextprotocol/sdk" });
    },
  );

  it("is not reported as missing if it is broken or lacks a dependency", async () => {
    const broken = new SyntaxError("@modelcontextprotocol/sdk does not export Server");
    const lacking = Object.assign(new Error("Cannot find package 'zod'"), { code: "ERR_MODULE_NOT_FOUND" });
    for (const cause of [broken, lacking]) {
      await expect(loadMcpSdk("Host tools", () => Promise.reject(cause))).rejects.toBe(cause);
    }
  });
});

import { type AnyTool, tool } from "../../index.js";

/** The ticket of the demo. Only its tool returns the report. */
export const demoTicket = {
  id: 7,
  report: "sum([1, 2, 3]) returns 5 instead of 6: the first number is not counted.",
} as const;

/**
 * Returns the host tools of the demo, over a tracker in memory: one that reads a ticket, and one that closes it and needs an
 * approval.
 */
export function createTicketTools(): readonly AnyTool[] {
  let status: "open" | "closed" = "open";
  return [
    tool({
      name: "read_ticket",
      description: "Reads a ticket of the project's tracker.",
      parameters: {
        type: "object",
        properties: { id: { type: "integer" } },
        required: ["id"],
        additionalProperties: false,
      },
      execute: ({ id }) => ({ ...findTicket(id), status }),
    }),
    tool({
      name: "close_ticket",
      description: "Closes a ticket of the project's tracker, with a comment on what was done.",
      parameters: {
        type: "object",
        properties: { id: { type: "integer" }, comment: { type: "string" } },
        required: ["id", "comment"],
        additionalProperties: false,
      },
      needsApproval: true,
      execute: ({ id }) => {
        findTicket(id);
        status = "closed";
        return `Ticket ${id} is closed.`;
      },
    }),
  ];
}

/** The model receives the error, as it does for every throw of `execute`. */
function findTicket(id: number): typeof demoTicket {
  if (id === demoTicket.id) return demoTicket;
  throw new Error(`There is no ticket ${id}.`);
}

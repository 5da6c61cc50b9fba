/** The longest interval that Node knows; nothing happens when it is over. */
const aMonthMs = 2_147_483_647;

/** Keeps the host alive until the function it gives is called, for a wait on what does not do so by itself. */
export function keepAlive(): () => void {
  const timer = setInterval(() => undefined, aMonthMs);
  return () => clearInterval(timer);
}

/** @param {number} dividend @param {number} divisor */
export function divide(dividend, divisor) {
  return dividend / divisor;
}

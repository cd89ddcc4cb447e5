/** What an answer is kept as. */
export type Answer = string | number | boolean | string[]

/** An answer as the why-trace writes it. */
export function answerText(value: Answer): string {
  return Array.isArray(value) ? value.join(', ') : String(value)
}

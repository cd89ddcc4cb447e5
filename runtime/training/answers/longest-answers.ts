import type { DecoderConfig } from '#runtime/language/decoder/decoder-config.ts'

/** Question and answer together are cut to so many tokens: what customers write and read is seldom longer, and attention grows with the square. */
const mostTokens = 512

export const longestAnswers = ({ n_positions }: DecoderConfig): number => Math.min(mostTokens, n_positions)
